import { controlsOf } from "../../catalogue";
import { linked } from "../../reading/links";
import type { Properties, Rule } from "../../rule";

/** The cloud's families with NVIDIA GPUs: p and g, then a digit. */
function isGpu(instanceType: unknown): boolean {
  return typeof instanceType === "string" && /^[pg]\d/.test(instanceType);
}

function untainted(group: Properties): string | undefined {
  const taints = (group.taints ?? []) as Properties[];
  const keeps = ({ key, effect }: Properties) =>
    key === "nvidia.com/gpu" && /^NO_(SCHEDULE|EXECUTE)$/.test(String(effect));
  return taints.some(keeps) ? undefined : "no nvidia.com/gpu taint keeps other pods off the nodes";
}

export const net13: Rule = {
  id: "NET-13",
  title: "GPU nodes have dedicated tenancy and taints",
  severity: "high",
  scope: "stack",
  types: ["aws:ec2/launchTemplate:LaunchTemplate", "aws:eks/nodeGroup:NodeGroup"],
  remediation:
    "Set placement.tenancy: dedicated in the GPU launch template, and taint its node group with nvidia.com/gpu.",
  supports: controlsOf("NET-13"),
  check(subject, examination, context) {
    if (subject.type.endsWith(":NodeGroup")) {
      const types = (subject.props.instanceTypes ?? []) as string[];
      if (!types.some(isGpu)) return examination.notApplicable("the node group names no GPU instance type itself");
      examination.ask("launchTemplate", () =>
        subject.props.launchTemplate ? undefined : "without a launch template the tenancy cannot be dedicated",
      );
      return examination.ask("taints", () => untainted(subject.props));
    }
    const identities = [() => subject.props.id as unknown];
    const groups = linked(subject, ["aws:eks/nodeGroup:NodeGroup"], "launchTemplate", context, identities).found;
    const gpu =
      isGpu(subject.props.instanceType) ||
      groups.some((group) => ((group.props.instanceTypes ?? []) as string[]).some(isGpu));
    if (!gpu) return examination.notApplicable("the launch template names no GPU instance type");
    examination.ask("placement.tenancy", () => {
      const tenancy = subject.props.placement?.tenancy as string | undefined;
      // A host that one pays for whole is shared with nobody either.
      const alone = tenancy === "dedicated" || tenancy === "host";
      return alone ? undefined : `tenancy is ${tenancy ?? "absent"}; wanted dedicated or host`;
    });
    for (const group of groups) examination.ask(`NodeGroup ${group.name}`, () => untainted(group.props));
  },
};
