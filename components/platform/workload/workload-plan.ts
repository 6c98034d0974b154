import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { certificateSecretName } from "../../certificates";
import { selectorOf } from "../../labels";
import type { Binding, SubstrateFacts } from "../../substrate";
import type { StandingZone } from "../../zones";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;
type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;

/** What one container of the platform needs; everything that hardens it is added, not asked for. */
export interface WorkloadArgs {
  /** The zone it runs in. */
  readonly zone: StandingZone;
  /** The zone's namespace, known once its walls stand. */
  readonly namespace: pulumi.Input<string>;
  /** The application that flows and selectors name. */
  readonly app: string;
  /** Kubernetes name of its objects. Default: `app`; differs where several instances of an application run. */
  readonly instance?: string;
  /** `StatefulSet` where the workload keeps data. */
  readonly kind: "Deployment" | "StatefulSet";
  /** Pods; from two on a disruption budget keeps all but one of them. */
  readonly replicas: number;
  /** Image by digest, in the private registry. */
  readonly image: string;
  /** What starts in place of the image's own entry point. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments of the program. */
  readonly args: readonly pulumi.Input<string>[];
  /** Environment variables; nothing secret, as they are readable in the pod's description. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports that it listens on, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Names of the ports that its service offers. Default: all. */
  readonly servedPorts?: readonly string[];
  /** Name of its service. Default: the instance's. */
  readonly serviceName?: string;
  /** The service has no address: its name leads to every pod, and the caller balances. Default: false. */
  readonly headless?: boolean;
  /** The port whose opening means ready. */
  readonly readyPort: number;
  /** Served over TLS without asking for a certificate; absent: readiness is an accepted connection. */
  readonly readyPath?: string;
  /** Files of configuration, mounted read-only at `/etc/<app>`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Certificates it shows and authorities it trusts, mounted at `/etc/tls`. */
  readonly certificates: {
    /** Names of the certificates, as the foundation issued them. */
    readonly leaves: readonly string[];
    /** Names of the authorities. */
    readonly authorities: readonly string[];
  };
  /** A volume on the encrypted storage class. */
  readonly data?: {
    /** Where it is mounted. */
    readonly path: string;
    /** Its size, GiB. */
    readonly gib: number;
  };
  /** Weights as an OCI artifact, mounted read-only. */
  readonly model?: {
    /** Where they are mounted. */
    readonly path: string;
    /** The artifact by digest, in the private registry. */
    readonly reference: string;
  };
  /** What each pod is given, no more and no less. */
  readonly resources: {
    /** CPUs, as a Kubernetes quantity. */
    readonly cpu: string;
    /** Memory, as a Kubernetes quantity. */
    readonly memory: string;
    /** GPUs of its pool. Default: 0. */
    readonly gpus?: number;
  };
  /** GPU pool it must run on. */
  readonly pool?: string;
  /** Seconds that the slowest start may take. Default: 120. */
  readonly startSeconds?: number;
  /** Seconds a request in flight may still take once the pod is to go. Default: 30. */
  readonly drainSeconds?: number;
  /** The process cuts its connections when it is told to stop, so it is told after the drain. Default: false. */
  readonly stopsAtOnce?: boolean;
  /** Labels of its pods besides those that name them. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** What its pods say of themselves; nothing secret. */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** A data class it was granted. */
  readonly binding?: Binding;
}

export const tlsPath = "/etc/tls";
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

function probes(args: WorkloadArgs): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
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
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        lifecycle: { preStop: { sleep: { seconds: stopping(args).preStop } } },
        ...probes(args),
        volumeMounts: planned.map(({ mount }) => mount),
      },
    ],
    volumes: planned.flatMap(({ volume }) => volume ?? []),
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
