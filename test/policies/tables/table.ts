/** One way to break (or change) the compliant world: the fixture, a path in it, and the value put there. */
export interface Change {
  readonly of: string;
  /** Path in the properties; `options.protect` is the option; the empty path removes the fixture. */
  readonly path: string;
  /** Undefined removes the property. */
  readonly value?: unknown;
}

export interface RuleTable {
  /** The fixture the verdict is about. */
  readonly judged: string;
  /** Each breaks one thing, and only that makes the rule fail. The first is also tried on the real engine. */
  readonly violations: readonly (Change & { readonly judged?: string })[];
  /** Other fixtures that a stack rule must see to judge it, by name, besides those of its own kinds. */
  readonly alongside?: readonly string[];
  /** Makes a value unknown that the rule needs. */
  readonly unknown: Change;
  /** Takes the fixture out of the rule's reach. Absent where the rule judges every resource of its kinds. */
  readonly beyond?: Change;
}

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Where a Deployment keeps its pod, and the first container of each sort in it. */
export const pod = "spec.template.spec";
export const first = `${pod}.containers.0`;
export const initial = `${pod}.initContainers.0`;
export const nightly = "spec.jobTemplate.spec.template.spec";
export const world = "0.0.0.0/0";
export const sse = "vault-BucketServerSideEncryptionConfiguration";
export const lock = "vault-BucketObjectLockConfiguration";
export const policy = "vault-BucketPolicy";
export const lifecycle = "vault-BucketLifecycleConfiguration";
export const access = "vault-BucketPublicAccessBlock";

/** Pods with these labels in a zone, as a policy names them. */
export const peer = (zone: string, labels: object = {}) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": zone } },
  podSelector: { matchLabels: labels },
});

export type RuleTables = Readonly<Record<string, RuleTable>>;
