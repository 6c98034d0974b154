import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes } from "../../reading/workload";
import type { Properties, Rule } from "../../rule";

export const net12: Rule = {
  id: "NET-12",
  title: "Pods run without root, escalation, capabilities or a writable root",
  severity: "high",
  scope: "resource",
  types: workloadTypes,
  remediation:
    'Set runAsNonRoot, allowPrivilegeEscalation: false, capabilities.drop ["ALL"], seccompProfile RuntimeDefault and readOnlyRootFilesystem.',
  supports: controlsOf("NET-12"),
  check(subject, examination) {
    const pod = podOf(subject);
    examination.ask(`${pod.path}.shareProcessNamespace`, () =>
      pod.spec.shareProcessNamespace === true ? "containers see and signal each other's processes" : undefined,
    );
    for (const group of ["runAsGroup", "fsGroup"]) {
      examination.ask(`${pod.path}.securityContext.${group}`, () =>
        pod.spec.securityContext?.[group] === 0 ? "the pod is of root's group" : undefined,
      );
    }
    ((pod.spec.volumes ?? []) as Properties[]).forEach((volume, index) => {
      if (volume?.secret === undefined) return;
      examination.ask(`${pod.path}.volumes[${index}].secret.defaultMode`, () => {
        const mode = Number(volume.secret.defaultMode ?? 0o644);
        return (mode & 0o007) === 0 ? undefined : `everybody in the container reads the secret: ${mode.toString(8)}`;
      });
    });
    eachContainer(pod, examination, ({ value, path }) => {
      const at = `${path}.securityContext`;
      const own = value.securityContext ?? {};
      const inherited = pod.spec.securityContext ?? {};
      examination.ask(`${at}.runAsNonRoot`, () =>
        (own.runAsNonRoot ?? inherited.runAsNonRoot) === true ? undefined : "the container may run as root",
      );
      examination.ask(`${at}.runAsUser`, () =>
        (own.runAsUser ?? inherited.runAsUser) === 0 ? "the container runs as root" : undefined,
      );
      examination.ask(`${at}.procMount`, () =>
        (own.procMount ?? "Default") === "Default" ? undefined : "the kernel's own files are not masked",
      );
      examination.ask(`${at}.allowPrivilegeEscalation`, () =>
        own.allowPrivilegeEscalation === false ? undefined : "privileges may be escalated",
      );
      examination.ask(`${at}.capabilities.drop`, () =>
        ((own.capabilities?.drop ?? []) as string[]).includes("ALL") ? undefined : "capabilities are not all dropped",
      );
      examination.ask(`${at}.capabilities.add`, () => {
        const added = ((own.capabilities?.add ?? []) as string[]).filter((name) => name !== "NET_BIND_SERVICE");
        return added.length > 0 ? `capabilities ${added.join(", ")} are added` : undefined;
      });
      examination.ask(`${at}.seccompProfile.type`, () => {
        const profile = (own.seccompProfile ?? inherited.seccompProfile)?.type as string | undefined;
        return profile === "RuntimeDefault" || profile === "Localhost" ? undefined : "no seccomp profile is in force";
      });
      examination.ask(`${at}.readOnlyRootFilesystem`, () =>
        own.readOnlyRootFilesystem === true ? undefined : "the root file system can be written",
      );
    });
  },
};
