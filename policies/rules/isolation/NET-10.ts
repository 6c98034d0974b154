import { controlsOf } from "../../catalogue";
import { admittedToOperators, looseAdmission } from "../../reading/machine-admission";
import type { Properties, Rule } from "../../rule";

const enforce = "pod-security.kubernetes.io/enforce";

export const net10: Rule = {
  id: "NET-10",
  title: "Every namespace enforces the restricted Pod Security level at a pinned version",
  severity: "critical",
  scope: "resource",
  types: ["kubernetes:core/v1:Namespace", "cloister:index:Machines"],
  remediation: "Label the namespace pod-security.kubernetes.io/enforce: restricted and enforce-version: v1.<minor>.",
  supports: controlsOf("NET-10"),
  check(namespace, examination) {
    if (namespace.type === "cloister:index:Machines") {
      // What namespaces forget to say, the API server's own default says.
      const args = (namespace.props.apiServerArguments ?? []) as string[];
      const told = (name: string) => args.find((argument) => argument.startsWith(`${name}=`));
      examination.ask("apiServerArguments", () =>
        told("pod-security-admission-config-file") || told("admission-control-config-file")
          ? undefined
          : "a namespace without labels admits every pod",
      );
      examination.ask("manifests", () => {
        const manifests = (namespace.props.manifests ?? []) as Properties[];
        const loose = [...looseAdmission(manifests), ...admittedToOperators(manifests)];
        return loose.length > 0 ? loose.join("; ") : undefined;
      });
      return examination.ask("apiServerArguments", () =>
        told("enable-admission-plugins")?.includes("NodeRestriction")
          ? undefined
          : "a node may change other nodes and their pods: NodeRestriction is off",
      );
    }
    const label = (key: string) => namespace.props.metadata?.labels?.[key] as string | undefined;
    examination.ask(`metadata.labels["${enforce}"]`, () =>
      label(enforce) === "restricted" ? undefined : `it is ${label(enforce) ?? "absent"}; wanted restricted`,
    );
    examination.ask(`metadata.labels["${enforce}-version"]`, () => {
      const version = label(`${enforce}-version`);
      return version && /^v1\.\d+$/.test(version)
        ? undefined
        : `it is ${version ?? "absent"}; wanted a pinned v1.<minor>`;
    });
  },
};
