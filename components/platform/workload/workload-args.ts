import type * as pulumi from "@pulumi/pulumi";
import type { Binding } from "../../substrate";
import type { StandingZone } from "../../zones";

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
  /** A folder that its containers share and that ends with the pod: for sockets between them. Default: none. */
  readonly sharedPath?: string;
  /** A program beside the application, in the same pod: it starts before and ends after. It sees the same files. */
  readonly sidecar?: SidecarArgs;
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

/** A second program of a pod. */
export interface SidecarArgs {
  /** Name of its container. */
  readonly name: string;
  /** Image by digest, in the private registry. */
  readonly image: string;
  /** Arguments of the program. */
  readonly args: readonly string[];
  /** Ports that it listens on, by name; the workload's service offers them as well. */
  readonly ports: Readonly<Record<string, number>>;
  /** The port whose opening means ready. */
  readonly readyPort: number;
  /** Served over TLS without asking for a certificate; absent: readiness is an accepted connection. */
  readonly readyPath?: string;
  /** What it is given, no more and no less. */
  readonly resources: { readonly cpu: string; readonly memory: string };
}
