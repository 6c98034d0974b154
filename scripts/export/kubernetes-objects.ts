import { nameOf, type EngineResource } from "./engine-resource";
import { isSecret, plainValue, redacted } from "./plain-value";

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** What stands in for a value, and where: `Secret gateway/envoy-tls data.redacted`. */
export interface Placeholder {
  readonly where: string;
  readonly placeholder: string;
}

export interface KubernetesExport {
  /** Complete objects, in an order in which they can be applied. */
  readonly objects: readonly KubernetesObject[];
  readonly placeholders: readonly Placeholder[];
  /** Resources of Kubernetes that are no whole object, such as patches of somebody else's: by their name. */
  readonly leftOut: readonly string[];
}

/** Kinds that others need come before them; what is not named comes between the ground and the workloads. */
const firstKinds = [
  "Namespace",
  "CustomResourceDefinition",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "PriorityClass",
  "StorageClass",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "Secret",
  "ConfigMap",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Service",
  "PodDisruptionBudget",
];
const lastKinds = ["Pod", "DaemonSet", "ReplicaSet", "Deployment", "StatefulSet", "Job", "CronJob"];

/** What an API server sets, and no file should. */
const serversFields = ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];

/** The Kubernetes objects among an environment's resources, as anybody's scanner reads them. */
export function kubernetesObjects(resources: readonly EngineResource[]): KubernetesExport {
  const placeholders: Placeholder[] = [];
  const leftOut: string[] = [];
  const objects = resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap((resource): KubernetesObject[] => {
      const object = objectOf(resource, placeholders);
      if (object === undefined) leftOut.push(nameOf(resource));
      return object === undefined ? [] : [object];
    });
  const where = (placeholder: Placeholder) => placeholder.where;
  return {
    objects: objects.sort(inOrder),
    placeholders: placeholders.sort((left, right) => compare(where(left), where(right))),
    leftOut: leftOut.sort(compare),
  };
}

/** `gateway/envoy`, or `gateway` alone for what is in no namespace. */
export const objectName = ({ metadata: { namespace, name } }: KubernetesObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

function objectOf({ type, inputs }: EngineResource, placeholders: Placeholder[]): KubernetesObject | undefined {
  const { apiVersion, kind, metadata } = inputs as Partial<KubernetesObject>;
  const whole = apiVersion !== undefined && kind !== undefined && metadata?.name !== undefined;
  if (!whole || type.endsWith("Patch")) return undefined;
  const title = `${kind} ${objectName({ apiVersion, kind, metadata })}`;
  const tell = (path: string, placeholder: string) => placeholders.push({ where: `${title} ${path}`, placeholder });
  const { status: _status, ...asked } = inputs;
  const hidden = kind === "Secret" ? withoutSecrets(asked, tell) : asked;
  const plain = plainValue(hidden, "", tell) as KubernetesObject;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = plain;
  return { apiVersion, kind, metadata: metadataOf(plain.metadata), ...sorted(rest) };
}

/** Keys stay where they are known: a reader may want to know what there is, only not what it says. */
function withoutSecrets(secret: Record<string, unknown>, tell: (path: string, placeholder: string) => void) {
  const hide = (field: "data" | "stringData") => {
    const value = secret[field];
    if (value === undefined) return {};
    const keys = isSecret(value) || typeof value !== "object" ? ["redacted"] : Object.keys(value ?? {});
    for (const key of keys) tell(`${field}.${key}`, redacted);
    const shown = field === "data" ? Buffer.from(redacted).toString("base64") : redacted;
    return { [field]: Object.fromEntries(keys.map((key) => [key, shown])) };
  };
  return { ...secret, ...hide("data"), ...hide("stringData") };
}

function metadataOf(metadata: KubernetesObject["metadata"]): KubernetesObject["metadata"] {
  const { name, namespace, annotations, ...rest } = metadata;
  const own = Object.entries((annotations ?? {}) as Record<string, unknown>).filter(
    ([key]) => !key.startsWith("pulumi.com/") && key !== "kubectl.kubernetes.io/last-applied-configuration",
  );
  const kept = Object.entries(rest).filter(([key]) => !serversFields.includes(key));
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(own.length === 0 ? {} : { annotations: sorted(Object.fromEntries(own)) }),
    ...sorted(Object.fromEntries(kept)),
  };
}

/** Keys in order of the alphabet, at every depth: an engine's order is no promise. */
function sorted(value: Record<string, unknown>): Record<string, unknown> {
  const deep = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(deep);
    return typeof item === "object" && item !== null ? sorted(item as Record<string, unknown>) : item;
  };
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => compare(left, right))
      .map(([key, item]) => [key, deep(item)]),
  );
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function rank(kind: string): number {
  if (firstKinds.includes(kind)) return firstKinds.indexOf(kind);
  return firstKinds.length + 1 + lastKinds.indexOf(kind);
}

const inOrder = (left: KubernetesObject, right: KubernetesObject): number =>
  rank(left.kind) - rank(right.kind) || compare(left.kind, right.kind) || compare(objectName(left), objectName(right));
