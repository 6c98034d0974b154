import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { known } from "../../reading/links";
import type { Context, Rule } from "../../rule";

const gpu = "nvidia.com/gpu";

function gpuQuota(namespace: string, context: Context): boolean | "unknown" {
  let answer: boolean | "unknown" = false;
  for (const quota of context.resources) {
    if (quota.type !== "kubernetes:core/v1:ResourceQuota") continue;
    const bounds = known(
      () =>
        (quota.props.metadata?.namespace ?? "default") === namespace &&
        quota.props.spec?.hard?.[`requests.${gpu}`] !== undefined,
    );
    if (bounds.known && bounds.value) return true;
    if (!bounds.known) answer = "unknown";
  }
  return answer;
}

export const avl03: Rule = {
  id: "AVL-03",
  title: "Every container has limits, and every namespace that uses GPUs has a GPU quota",
  severity: "medium",
  scope: "stack",
  types: workloadTypes,
  remediation:
    "Give each container cpu and memory limits, and the namespace a ResourceQuota with requests.nvidia.com/gpu.",
  supports: controlsOf("AVL-03"),
  check(subject, examination, context) {
    let usesGpu = false;
    eachContainer(podOf(subject), examination, ({ value, path, group }) => {
      // An ephemeral container takes no resources of its own: the API forbids the field.
      if (group === "ephemeralContainers") return;
      examination.ask(`${path}.resources.limits`, () => {
        const limits = (value.resources?.limits ?? {}) as Record<string, unknown>;
        if (limits[gpu] !== undefined) usesGpu = true;
        const missing = ["cpu", "memory"].filter((name) => limits[name] === undefined);
        return missing.length > 0 ? `no limit for ${missing.join(" and ")}` : undefined;
      });
    });
    if (!usesGpu) return;
    const namespace = zoneOf(subject);
    const quota = gpuQuota(namespace, context);
    if (quota === "unknown") examination.undecided("", `whether ${namespace} has a GPU quota can't be known yet`);
    else examination.ask("", () => (quota ? undefined : `no ResourceQuota bounds GPUs in ${namespace}`));
  },
};
