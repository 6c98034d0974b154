import type { types } from "@pulumi/kubernetes";
import { certificateSecretName } from "../../certificates";
import { selectorOf } from "../../labels";
import type { SubstrateFacts } from "../../substrate";
import { amountOf, type PlacedPods } from "../../system-room";
import type { WorkloadArgs } from "./workload-args";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;

export const tlsPath = "/etc/tls";

/** A certificate and its key, as the kit's own services are told of them. */
export const leafFiles = (leaf: string): { readonly certificate: string; readonly key: string } => ({
  certificate: `${tlsPath}/${leaf}.crt`,
  key: `${tlsPath}/${leaf}.key`,
});

/** The same with the authority whose certificates are accepted: that of the services. */
export const serviceTls = (leaf: string) => ({ ...leafFiles(leaf), authority: `${tlsPath}/services.pem` });
const tokenPath = "/var/run/secrets/cloister.dev/store";
/** The endpoint's removal reaches every node within this, so connections stop arriving before the process is told. */
const removalSeconds = 15;
/** What a process may take to end when nothing is in flight any more. */
const endSeconds = 15;

/** How long a pod that is to go is given: until nothing new arrives, until what runs is answered, until it has ended. */
function stopping(args: WorkloadArgs): { readonly preStop: number; readonly grace: number } {
  const drain = args.drainSeconds ?? 30;
  return {
    preStop: removalSeconds + (args.stopsAtOnce === true ? drain : 0),
    grace: removalSeconds + drain + endSeconds,
  };
}

export const instanceOf = (args: Pick<WorkloadArgs, "app" | "instance">): string => args.instance ?? args.app;

export const podSelector = (args: WorkloadArgs): Record<string, string> => ({
  ...selectorOf(args.zone, args.app),
  ...(args.instance === undefined ? {} : { "app.kubernetes.io/instance": args.instance }),
});

interface Mount {
  readonly volume?: Volume;
  readonly mount: VolumeMount;
}

function mounts(args: WorkloadArgs): Mount[] {
  const instance = instanceOf(args);
  const scratch = (name: string, path: string, medium?: string): Mount => ({
    volume: { name, emptyDir: medium === undefined ? {} : { medium } },
    mount: { name, mountPath: path },
  });
  return [
    scratch("tmp", "/tmp"),
    ...(args.sharedPath === undefined ? [] : [scratch("shared", args.sharedPath)]),
    ...((args.resources.gpus ?? 0) > 0 ? [scratch("shared-memory", "/dev/shm", "Memory")] : []),
    {
      volume: { name: "tls", secret: { secretName: certificateSecretName(args.app), defaultMode: 0o440 } },
      mount: { name: "tls", mountPath: tlsPath, readOnly: true },
    },
    ...(args.files === undefined
      ? []
      : [
          {
            volume: { name: "configuration", configMap: { name: instance } },
            mount: { name: "configuration", mountPath: `/etc/${args.app}`, readOnly: true },
          },
        ]),
    ...(args.model === undefined
      ? []
      : [
          {
            volume: { name: "model", image: { reference: args.model.reference, pullPolicy: "IfNotPresent" } },
            mount: { name: "model", mountPath: args.model.path, readOnly: true },
          },
        ]),
    ...(args.data === undefined ? [] : [{ mount: { name: "data", mountPath: args.data.path } }]),
    ...(args.binding?.tokenAudience === undefined
      ? []
      : [
          {
            volume: {
              name: "store-token",
              projected: {
                sources: [
                  {
                    serviceAccountToken: {
                      path: "token",
                      audience: args.binding.tokenAudience,
                      expirationSeconds: 3600,
                    },
                  },
                ],
              },
            },
            mount: { name: "store-token", mountPath: tokenPath, readOnly: true },
          },
        ]),
  ];
}

function environmentOf(args: WorkloadArgs): { name: string; value: string }[] {
  const store: Record<string, string> =
    args.binding?.tokenAudience === undefined
      ? {}
      : { AWS_ROLE_ARN: args.binding.role, AWS_WEB_IDENTITY_TOKEN_FILE: `${tokenPath}/token` };
  const all = { ...store, ...args.environment };
  return Object.entries(all).map(([name, value]) => ({ name, value }));
}

type Probed = Pick<WorkloadArgs, "readyPort" | "readyPath" | "startSeconds">;

function probes(args: Probed): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  // The kubelet has no client certificate: where the port asks for one, an accepted connection must do.
  const check =
    args.readyPath === undefined
      ? { tcpSocket: { port: args.readyPort } }
      : { httpGet: { port: args.readyPort, path: args.readyPath, scheme: "HTTPS" } };
  return {
    startupProbe: { ...check, periodSeconds: 5, failureThreshold: Math.ceil((args.startSeconds ?? 120) / 5) },
    readinessProbe: { ...check, periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { tcpSocket: { port: args.readyPort }, periodSeconds: 20, failureThreshold: 3 },
  };
}

/** The second program of a pod. Its restart policy makes it a sidecar: it runs before the application and after it. */
function planSidecar(args: WorkloadArgs, planned: readonly Mount[]): Container[] {
  const { sidecar } = args;
  if (sidecar === undefined) return [];
  const amounts = { ...sidecar.resources };
  return [
    {
      name: sidecar.name,
      image: sidecar.image,
      imagePullPolicy: "IfNotPresent",
      restartPolicy: "Always",
      args: [...sidecar.args],
      ports: Object.entries(sidecar.ports).map(([name, containerPort]) => ({ name, containerPort })),
      resources: { requests: amounts, limits: amounts },
      securityContext: hardened,
      ...probes(sidecar),
      volumeMounts: planned.map(({ mount }) => mount),
    },
  ];
}

const hardened = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** The pod, hardened: Pod Security *restricted*, a read-only root, no token of the API, one GPU pool. */
export function planPod(args: WorkloadArgs): PodSpec {
  const { cpu, memory, gpus } = args.resources;
  const amounts = { cpu, memory, ...(gpus === undefined ? {} : { "nvidia.com/gpu": `${gpus}` }) };
  const planned = mounts(args);
  return {
    serviceAccountName: args.app,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: stopping(args).grace,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(args.pool === undefined
      ? {}
      : {
          nodeSelector: { "cloister.dev/pool": args.pool },
          tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
        }),
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: podSelector(args) },
      },
    ],
    ...(args.sidecar === undefined ? {} : { initContainers: planSidecar(args, planned) }),
    containers: [
      {
        name: args.app,
        image: args.image,
        imagePullPolicy: "IfNotPresent",
        ...(args.command === undefined ? {} : { command: [...args.command] }),
        args: [...args.args],
        env: environmentOf(args),
        ports: Object.entries(args.ports).map(([name, containerPort]) => ({ name, containerPort })),
        resources: { requests: amounts, limits: amounts },
        securityContext: hardened,
        lifecycle: { preStop: { sleep: { seconds: stopping(args).preStop } } },
        ...probes(args),
        volumeMounts: planned.map(({ mount }) => mount),
      },
    ],
    volumes: planned.flatMap(({ volume }) => volume ?? []),
  };
}

/** What its pods take of the nodes for everything that needs no GPU; undefined where they run on others. */
export function planPlace(args: WorkloadArgs): PlacedPods | undefined {
  if (args.pool !== undefined) return undefined;
  const containers = [args.resources, ...(args.sidecar === undefined ? [] : [args.sidecar.resources])].map(amountOf);
  return {
    name: `${args.zone}/${instanceOf(args)}`,
    replicas: args.replicas,
    // A StatefulSet takes the old pod away first.
    surge: args.kind === "Deployment" ? 1 : 0,
    each: {
      cpus: containers.reduce((total, { cpus }) => total + cpus, 0),
      memoryGib: containers.reduce((total, { memoryGib }) => total + memoryGib, 0),
    },
  };
}

/** The claim of a workload that keeps data. */
export function planClaim(data: { readonly gib: number }, storageClass: SubstrateFacts["storageClass"]) {
  return {
    metadata: { name: "data" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass.name,
      resources: { requests: { storage: `${data.gib}Gi` } },
    },
  };
}
