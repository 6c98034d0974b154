import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes } from "../../reading/workload";
import type { Properties, Rule } from "../../rule";

export const net11: Rule = {
  id: "NET-11",
  title: "No pod is privileged or shares the host's namespaces, paths or ports",
  severity: "critical",
  scope: "resource",
  types: workloadTypes,
  remediation: "Remove privileged, hostNetwork, hostPID, hostIPC, hostPath volumes and hostPort.",
  supports: controlsOf("NET-11"),
  check(subject, examination) {
    const pod = podOf(subject);
    for (const sharing of ["hostNetwork", "hostPID", "hostIPC"]) {
      examination.ask(`${pod.path}.${sharing}`, () =>
        pod.spec[sharing] === true ? "the pod shares it with the host" : undefined,
      );
    }
    examination.ask(`${pod.path}.volumes`, () => {
      const volume = ((pod.spec.volumes ?? []) as Properties[]).find((candidate) => candidate?.hostPath);
      return volume ? `volume ${volume.name} is a path of the host` : undefined;
    });
    eachContainer(pod, examination, ({ value, path }) => {
      examination.ask(`${path}.securityContext.privileged`, () =>
        value.securityContext?.privileged === true ? "the container is privileged" : undefined,
      );
      examination.ask(`${path}.ports`, () => {
        const port = ((value.ports ?? []) as Properties[]).find((candidate) => candidate?.hostPort);
        return port ? `port ${port.hostPort} of the host is taken` : undefined;
      });
    });
  },
};
