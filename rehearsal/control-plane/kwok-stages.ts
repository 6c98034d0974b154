import { stringify } from "yaml";

/** A pod with this label, set to "true", never becomes Ready: for rehearsing a rollout that fails. */
export const FAIL_LABEL = "rehearsal.cloister.dev/fail";

/** What a person reads on every pod that kwok plays. */
const NOT_RUN = "Scheduled, not run: kwok plays this node, no container was started.";
const NO_MACHINE = "none-kwok-stand-in";
const FAILS_BY_LABEL = `The label ${FAIL_LABEL} asks for this failure; kwok plays this node.`;

/** Seconds a Job's pod is Ready before it completes: long enough to be seen. */
const JOB_SECONDS = 1;
/** Node leases tell liveness; the status is renewed beside them as rarely as a kubelet does. */
const HEARTBEAT_SECONDS = 300;

type Match = { jq: { key: string; operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; values?: string[] } };

const isIn = (key: string, ...values: string[]): Match => ({ jq: { key, operator: "In", values } });
const isNotIn = (key: string, ...values: string[]): Match => ({ jq: { key, operator: "NotIn", values } });
const exists = (key: string): Match => ({ jq: { key, operator: "Exists" } });
const isAbsent = (key: string): Match => ({ jq: { key, operator: "DoesNotExist" } });

const alive = isAbsent(".metadata.deletionTimestamp");
const phase = (value: string) => isIn(".status.phase", value);
const condition = (type: string) => `.status.conditions.[] | select( .type == "${type}" ) | .status`;
const failLabel = `.metadata.labels["${FAIL_LABEL}"]`;
const ownerKind = ".metadata.ownerReferences.[].kind";

interface StageTerms {
  readonly kind: "Pod" | "Node" | "PersistentVolumeClaim" | "PersistentVolume";
  readonly when: readonly Match[];
  readonly afterSeconds?: number;
  readonly status?: string;
  readonly event?: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string };
  /** An object to make, as YAML. */
  readonly make?: string;
  readonly remove?: boolean;
}

function stage(name: string, { kind, when, afterSeconds, status, event, make, remove }: StageTerms) {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector: { matchExpressions: when },
      ...(afterSeconds !== undefined && { delay: { durationMilliseconds: afterSeconds * 1000 } }),
      steps: [
        ...(event === undefined ? [] : [{ event }]),
        ...(status === undefined
          ? []
          : [{ patch: { subresource: "status", root: "status", type: "strategic", template: status } }]),
        ...(make === undefined ? [] : [{ apply: { template: make } }]),
        ...(remove === true ? [{ delete: true }] : []),
      ],
    },
  };
}

const nodeConditions = (["MemoryPressure", "DiskPressure", "PIDPressure"] as const)
  .map((type) => `- {type: ${type}, status: "False", reason: KwokStandIn, lastHeartbeatTime: {{ Now | Quote }}}`)
  .join("\n");

const nodeIsReady = `conditions:
- {type: Ready, status: "True", reason: KwokStandIn, message: "kwok plays this node.", lastHeartbeatTime: {{ Now | Quote }}}
${nodeConditions}
addresses:
- {type: Hostname, address: {{ .metadata.name | Quote }}}
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  kubeletVersion: kwok
  osImage: ${NO_MACHINE}
  kernelVersion: ${NO_MACHINE}
  containerRuntimeVersion: ${NO_MACHINE}
`;

const podAddresses = `{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
`;

/** A sidecar runs on; any other init container has done its work. */
const initContainers = `{{ with .spec.initContainers }}
initContainerStatuses:
{{ range . }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  restartCount: 0
  ready: true
  {{ if eq ( or .restartPolicy "" ) "Always" }}
  started: true
  state: {running: {startedAt: {{ $now | Quote }}}}
  {{ else }}
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
  {{ end }}
{{ end }}
{{ end }}
`;

function containers(ready: boolean, state: string): string {
  return `containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  restartCount: 0
  ready: ${ready}
  started: ${ready}
  state: ${state}
{{ end }}
`;
}

function conditions(ready: boolean, reason: string, message: string): string {
  const state = `status: "${ready ? "True" : "False"}", lastTransitionTime: {{ $now | Quote }}`;
  return `{{ $now := Now }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: PodReadyToStartContainers, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, ${state}, reason: ${reason}, message: ${JSON.stringify(message)}}
- {type: Ready, ${state}, reason: ${reason}, message: ${JSON.stringify(message)}}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, ${state}}
{{ end }}
`;
}

const runs = "{running: {startedAt: {{ $now | Quote }}}}";
const crashes = `{waiting: {reason: CrashLoopBackOff, message: ${JSON.stringify(FAILS_BY_LABEL)}}}`;
const completed =
  "{terminated: {exitCode: 0, reason: Completed, finishedAt: {{ $now | Quote }}, startedAt: {{ $now | Quote }}}}";

/** What the controller manager writes on a claim whose storage class exists and whose time to be provisioned has come. */
const provisioner = '.metadata.annotations["volume.kubernetes.io/storage-provisioner"]';

const volume = `apiVersion: v1
kind: PersistentVolume
metadata:
  name: pvc-{{ .metadata.uid }}
  annotations:
    pv.kubernetes.io/provisioned-by: {{ index .metadata.annotations "volume.kubernetes.io/storage-provisioner" | Quote }}
    rehearsal.cloister.dev/stand-in: ${JSON.stringify("kwok plays this volume: there is no disk.")}
spec:
  accessModes: {{ YAML .spec.accessModes 1 }}
  capacity:
    storage: {{ .spec.resources.requests.storage | Quote }}
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: {{ .metadata.name | Quote }}
    namespace: {{ .metadata.namespace | Quote }}
    uid: {{ .metadata.uid | Quote }}
  csi:
    driver: {{ index .metadata.annotations "volume.kubernetes.io/storage-provisioner" | Quote }}
    volumeHandle: {{ .metadata.uid | Quote }}
  persistentVolumeReclaimPolicy: Delete
  storageClassName: {{ .spec.storageClassName | Quote }}
  volumeMode: {{ or .spec.volumeMode "Filesystem" }}
`;

/** How kwok plays nodes, pods and volumes. */
export const stages = [
  stage("node-becomes-ready", {
    kind: "Node",
    when: [alive, isNotIn(condition("Ready"), "True")],
    status: nodeIsReady,
  }),
  stage("node-heartbeat", {
    kind: "Node",
    when: [alive, isIn(condition("Ready"), "True")],
    afterSeconds: HEARTBEAT_SECONDS,
    status: nodeIsReady,
  }),
  stage("pod-becomes-ready", {
    kind: "Pod",
    when: [alive, phase("Pending"), isNotIn(failLabel, "true")],
    status: `${conditions(true, "ScheduledNotRun", NOT_RUN)}${containers(true, runs)}${initContainers}${podAddresses}phase: Running
startTime: {{ $now | Quote }}
`,
  }),
  stage("pod-fails-by-label", {
    kind: "Pod",
    when: [alive, phase("Pending"), isIn(failLabel, "true")],
    event: { type: "Warning", reason: "BackOff", message: FAILS_BY_LABEL },
    status: `${conditions(false, "ContainersNotReady", FAILS_BY_LABEL)}${containers(false, crashes)}${podAddresses}phase: Running
startTime: {{ $now | Quote }}
`,
  }),
  stage("pod-of-a-job-completes", {
    kind: "Pod",
    when: [alive, phase("Running"), isIn(ownerKind, "Job"), isIn(condition("Ready"), "True")],
    afterSeconds: JOB_SECONDS,
    status: `${conditions(false, "PodCompleted", NOT_RUN)}${containers(false, completed)}phase: Succeeded\n`,
  }),
  stage("claim-gets-a-volume", {
    kind: "PersistentVolumeClaim",
    when: [alive, exists(provisioner), isAbsent(".spec.volumeName")],
    make: volume,
  }),
  stage("released-volume-is-deleted", { kind: "PersistentVolume", when: [alive, phase("Released")], remove: true }),
  stage("pod-is-deleted", { kind: "Pod", when: [exists(".metadata.deletionTimestamp")], remove: true }),
];

/** The stages as the one file that kwok reads. */
export function stagesFile(): string {
  return stages.map((one) => stringify(one, { lineWidth: 0 })).join("---\n");
}
