import type { ComposeService } from "../../../../scripts/lab/compose/compose-file";

/** One thing in which a container and its service are not the same. */
export interface Unlike {
  readonly object: string;
  readonly field: string;
  readonly kubernetes: unknown;
  readonly compose: unknown;
}

export interface ProbeManifest {
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly initialDelaySeconds?: number;
}

export interface VolumeManifest {
  readonly name: string;
  readonly emptyDir?: { readonly medium?: string };
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly image?: { readonly reference: string };
  readonly projected?: object;
}

/** A container, as far as parity reads one. */
export interface ContainerManifest {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources: Readonly<Record<"limits" | "requests", Readonly<Record<string, string>> | undefined>>;
  readonly securityContext?: {
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: unknown } };
  readonly startupProbe?: ProbeManifest;
  readonly readinessProbe?: ProbeManifest;
  readonly livenessProbe?: ProbeManifest;
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
}

export interface WorkloadManifest {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: {
          readonly runAsUser: number;
          readonly runAsGroup: number;
          readonly fsGroup?: number;
        };
        readonly containers: readonly ContainerManifest[];
        readonly initContainers?: readonly ContainerManifest[];
        readonly volumes?: readonly VolumeManifest[];
      };
    };
  };
}

/** A container of a manifest and what stands for it. */
export interface Twins {
  readonly object: string;
  readonly namespace: string;
  readonly pod: WorkloadManifest["spec"]["template"];
  readonly container: ContainerManifest;
  readonly service: ComposeService;
  /** Path of the container's field, as differences write it. */
  readonly at: (field: string) => string;
}

/** What is compared, by path: `[path, of the manifest, of Compose]`. */
export function unlike(object: string, rows: readonly (readonly [string, unknown, unknown])[]): Unlike[] {
  return rows
    .filter(([, left, right]) => JSON.stringify(left) !== JSON.stringify(right))
    .map(([field, kubernetes, found]) => ({ object, field, kubernetes, compose: found }));
}
