import { canonicalJson, sha256 } from "./canonical";

/** One resource of a plan, as the engine was asked for it. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  /** SHA-256 over its inputs: see `inputsSha256`. Absent where the engine told none. */
  readonly inputsSha256?: string;
}

/** Inputs that say where this machine keeps something, and nothing of what is made. */
const ofThisMachine: Readonly<Record<string, readonly string[]>> = { "pulumi:providers:kubernetes": ["kubeconfig"] };

/**
 * SHA-256 over the inputs of one resource, as the engine's events tell them: secrets are hidden there, and count as the
 * words that hide them; what is not known yet counts as unknown.
 */
export function inputsSha256(type: string, inputs: Readonly<Record<string, unknown>>): string {
  const left = Object.entries(inputs).filter(([name]) => !(ofThisMachine[type] ?? []).includes(name));
  return sha256(canonicalJson(Object.fromEntries(left)));
}

/**
 * What was planned, as a document that a digest can be taken of: every resource with the digest of its inputs, in the order
 * of their URNs. What is to be done to each is left out: it is the same plan before and after it was carried out.
 */
export function planDocument(environment: string, resources: readonly PlannedResource[]): string {
  const inOrder = [...resources].sort((left, right) => (left.urn < right.urn ? -1 : left.urn > right.urn ? 1 : 0));
  const listed = inOrder.map(({ urn, type, inputsSha256: digest }) => ({ urn, type, inputsSha256: digest }));
  return `${JSON.stringify({ formatVersion: 1, environment, resources: listed }, null, 1)}\n`;
}
