import { planSubstrate } from "../../../components/foundation";
import { Platform } from "../../../components/platform";
import { Substrate } from "../../../components/substrate";
import type { Environment } from "../../../stacks/environment";
import { record, type Computed, type Registered, type World } from "../recorded-world";

const nothing = () => ({});

/** The kinds of resource a platform makes; another one fails the program. */
export const platformComputed: Computed = {
  "pulumi:providers:kubernetes": nothing,
  "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": nothing,
  "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": nothing,
  "kubernetes:apps/v1:Deployment": nothing,
  "kubernetes:apps/v1:StatefulSet": nothing,
  "kubernetes:core/v1:ConfigMap": nothing,
  "kubernetes:core/v1:LimitRange": nothing,
  "kubernetes:core/v1:Namespace": nothing,
  "kubernetes:core/v1:ResourceQuota": nothing,
  "kubernetes:core/v1:Secret": nothing,
  "kubernetes:core/v1:Service": nothing,
  "kubernetes:core/v1:ServiceAccount": nothing,
  "kubernetes:storage.k8s.io/v1:StorageClass": nothing,
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": nothing,
  "kubernetes:policy/v1:PodDisruptionBudget": nothing,
};

export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** The platform of an environment, on the Substrate that its foundation would offer. */
export function recordPlatform(
  { platform: { door, people, guard, limits, models }, ...environment }: Environment,
  computed: Computed = platformComputed,
): Promise<World<Platform>> {
  const substrate = new Substrate(
    planSubstrate({ ...environment, platform: { door, people, guard, limits, models } }),
    true,
  );
  const image = (name: string) => `${substrate.facts.registry.host}/${name}@${digest}`;
  const program = () => new Platform("platform", { substrate, image, door, people, guard, limits, models });
  return record<Platform>(computed, program);
}

/** A container, as far as the tests read one. */
export interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly hostPort?: number }[];
  readonly resources: Record<"requests" | "limits", Record<string, string>>;
  readonly securityContext: {
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly procMount?: string;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

export interface PodInputs {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly nodeSelector?: Record<string, string>;
  readonly tolerations?: readonly { readonly key: string; readonly operator: string; readonly effect: string }[];
  readonly containers: readonly ContainerInputs[];
  readonly initContainers?: readonly ContainerInputs[];
  readonly volumes: readonly Record<string, unknown>[];
}

export interface WorkloadInputs {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly matchLabels: Record<string, string> };
    readonly strategy?: { readonly rollingUpdate: { readonly maxSurge: number; readonly maxUnavailable: number } };
    readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: PodInputs };
    readonly volumeClaimTemplates?: readonly { readonly spec: { readonly storageClassName?: string } }[];
  };
}

const workloadTypes = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

export const workloadsOf = (world: World<unknown>): { resource: Registered; inputs: WorkloadInputs }[] =>
  world.resources
    .filter(({ type }) => workloadTypes.includes(type))
    .map((resource) => ({ resource, inputs: resource.inputs as unknown as WorkloadInputs }));
