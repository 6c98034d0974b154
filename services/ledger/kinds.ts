import { z } from "zod";
import { Refusal } from "../shared/http";

/** Names of models, paths, rules, groups: short, and nothing that a person wrote freely. */
const word = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/);
/** Kubernetes' own names go up to 253 characters, and a resource is named by three of them. */
const long = z.string().regex(/^[\x21-\x7e]{1,600}$/);
const words = z.array(word).max(100);
const count = z.int().min(0);
const digest = z.string().regex(/^(sha256:)?[0-9a-f]{64}$/);

/** Where a record is: the chain, its number and its hash, as the ledger acknowledged it. */
export const receipt = z.strictObject({
  chain: word,
  sequence: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Receipt = z.infer<typeof receipt>;

const finding = z.strictObject({ rule: word, count, action: z.enum(["allow", "mask", "block", "quarantine"]) });

const request = z.strictObject({
  /** The door's own number of the request, by which its log finds it. */
  request: word.optional(),
  application: word,
  groups: words.optional(),
  /** SHA-256 of the application's certificate. */
  certificate: word.optional(),
  method: word,
  path: word,
  model: word.optional(),
  stream: z.boolean().optional(),
  promptCharacters: count.optional(),
  policy: word.optional(),
  findings: z.array(finding).max(100).optional(),
});

const doorEnding = {
  request: word.optional(),
  application: word.optional(),
  certificate: word.optional(),
  method: word.optional(),
  /** The path, where it is one that the door knows. */
  route: word.optional(),
  /** `other` for one that no catalogue names. */
  model: word.optional(),
  /** Why, as the door's own check said. */
  reason: word.optional(),
  /** Why, as Envoy says: its response code details and flags. */
  details: word.optional(),
  flags: word.optional(),
  milliseconds: count.optional(),
  /** Bytes of the bodies. */
  received: count.optional(),
  sent: count.optional(),
  at: z.iso.datetime(),
};

/** Every kind of record that comes from outside, and what one may say: metadata alone, so that a lock may outlive a person. */
export const kinds = {
  "request.asked": request,
  "request.answered": z.strictObject({
    asked: receipt,
    outcome: z.enum(["answered", "blocked", "quarantined", "aborted-by-client", "model-error", "timeout", "stopped"]),
    status: count,
    promptTokens: count.optional(),
    answerTokens: count.optional(),
    /** `model`: the model server counted; `estimated`: the stream ended before it did. */
    counted: z.enum(["model", "estimated", "none"]).optional(),
    answerCharacters: count.optional(),
    findings: z.array(finding).max(100).optional(),
    milliseconds: count,
  }),
  "request.refused": z.strictObject({ ...request.shape, status: count, reason: word }),
  "request.interrupted": z.strictObject({ asked: receipt, reason: word, answerCharacters: count.optional() }),
  /** The door answered itself: the request reached no guard. */
  "door.refused": z.strictObject({ ...doorEnding, status: count }),
  /** Nobody was answered: the caller went away, or the connection broke. */
  "door.unanswered": z.strictObject(doorEnding),
  "incident.raised": z.strictObject({
    asked: receipt.optional(),
    severity: z.enum(["low", "medium", "high", "critical"]),
    rules: words,
    where: z.enum(["prompt", "answer"]),
    /** Name of the encrypted object in the quarantine bucket. */
    object: word.optional(),
  }),
  "kubernetes.audit": z.strictObject({
    audit: word,
    stage: word,
    verb: word,
    uri: word.optional(),
    resource: long.optional(),
    namespace: word.optional(),
    name: long.optional(),
    status: count.optional(),
    decision: word.optional(),
    impersonated: z.boolean().optional(),
    sourceAddresses: words.optional(),
    requested: z.iso.datetime({ precision: 6 }).or(z.iso.datetime()),
  }),
  "cloudtrail.digest": z.strictObject({
    account: word,
    region: word,
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    object: word,
    digest,
    /** Hash and signature of the digest before it, as this one names them. */
    previous: word.optional(),
    signature: z
      .string()
      .regex(/^[0-9a-f]{2,2048}$/)
      .optional(),
    files: count,
  }),
  "training.parameters": z.strictObject({
    run: word,
    model: word,
    base: digest.optional(),
    dataset: digest,
    parameters: z.record(word, z.union([word, z.int(), z.boolean()])),
    weights: digest.optional(),
  }),
  "registry.changed": z.strictObject({
    action: z.enum(["registered", "alias-set", "alias-removed", "promoted", "deleted"]),
    model: word,
    modelVersion: word,
    alias: word.optional(),
    digest: digest.optional(),
    gate: digest.optional(),
  }),
  "site.access": z.strictObject({
    site: word,
    cage: word,
    direction: z.enum(["in", "out"]),
    badge: word.optional(),
    ticket: word.optional(),
    at: z.iso.datetime(),
  }),
} as const satisfies Record<string, z.ZodObject>;

export type Kind = keyof typeof kinds;

/**
 * Checks what a record says against its kind.
 *
 * @throws Refusal 400 with every mistake: its place and what is allowed.
 */
export function checkBody(kind: string, body: unknown): Record<string, unknown> {
  const schema = Object.hasOwn(kinds, kind) ? kinds[kind as Kind] : undefined;
  if (schema === undefined)
    throw new Refusal(400, "unknown_kind", `The kind is none of ${Object.keys(kinds).join(", ")}.`);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw new Refusal(400, "invalid_record", `A record of ${kind} cannot say this: ${mistakes.join("; ")}.`);
}
