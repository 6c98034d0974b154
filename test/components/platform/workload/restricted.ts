import type { PodInputs } from "../platform-world";

/** Volumes that Pod Security *restricted* allows; an `image` volume joined them when it became part of the API. */
const volumeKinds = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** Why a pod would be refused by Pod Security *restricted*, control by control as Kubernetes documents them. */
export function restrictedFaults(pod: PodInputs): string[] {
  const faults: string[] = [];
  const must = (kept: boolean, control: string): void => {
    if (!kept) faults.push(control);
  };
  must(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, "host namespaces");
  must(pod.securityContext.runAsNonRoot === true && pod.securityContext.runAsUser !== 0, "running as non-root");
  must(["RuntimeDefault", "Localhost"].includes(pod.securityContext.seccompProfile?.type ?? ""), "seccomp");
  for (const volume of pod.volumes) {
    const kinds = Object.keys(volume).filter((key) => key !== "name");
    must(
      kinds.every((kind) => volumeKinds.includes(kind)),
      `volume types: ${kinds.join()}`,
    );
  }
  for (const { name, ports, securityContext } of [...pod.containers, ...(pod.initContainers ?? [])]) {
    const { privileged, allowPrivilegeEscalation, capabilities, procMount } = securityContext;
    must(privileged !== true, `${name}: privileged`);
    must(allowPrivilegeEscalation === false, `${name}: privilege escalation`);
    must(capabilities?.drop?.includes("ALL") === true, `${name}: capabilities dropped`);
    must(
      (capabilities?.add ?? []).every((each) => each === "NET_BIND_SERVICE"),
      `${name}: capabilities added`,
    );
    must(
      ports.every((port) => port.hostPort === undefined),
      `${name}: host ports`,
    );
    must(procMount === undefined || procMount === "Default", `${name}: proc mount`);
  }
  return faults;
}
