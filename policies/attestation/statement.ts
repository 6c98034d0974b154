/** The kind of payload that an envelope of the kit holds, and no other. */
export const statementPayloadType = "application/vnd.in-toto+json";

/** The one version of in-toto statements that is written and read. */
export const statementType = "https://in-toto.io/Statement/v1";

/** One thing a statement is about, or was made by: a name and what its bytes are known by. */
export interface DigestedName {
  readonly name: string;
  readonly digest: {
    /** 64 lower-case hexadecimal digits. */
    readonly sha256: string;
  };
}

/** An in-toto Statement v1: a claim about some subjects, which are known by their digests. */
export interface Statement<Predicate extends object = object> {
  readonly _type: typeof statementType;
  /** One or more, each name once. */
  readonly subject: readonly DigestedName[];
  /** URI of what the predicate means. */
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/** A statement about some subjects. */
export function statementOf<Predicate extends object>(
  subject: readonly DigestedName[],
  predicateType: string,
  predicate: Predicate,
): Statement<Predicate> {
  return { _type: statementType, subject, predicateType, predicate };
}

/**
 * What keeps a parsed value from being a statement, in a sentence; undefined where it is one. What the predicate has to hold
 * is for whoever knows its type.
 */
export function statementMistake(value: unknown): string | undefined {
  if (!isRecord(value)) return "the statement is not a JSON object";
  if (value["_type"] !== statementType)
    return `the statement's _type is ${shown(value["_type"])}, not ${statementType}`;
  const { subject, predicateType, predicate } = value;
  if (typeof predicateType !== "string" || predicateType === "") return "the statement names no predicateType";
  if (!isRecord(predicate)) return "the statement has no predicate";
  if (!Array.isArray(subject) || subject.length === 0) return "the statement has no subject";
  const names = new Set<string>();
  for (const one of subject as unknown[]) {
    const { name, digest } = isRecord(one) ? one : {};
    if (typeof name !== "string" || name === "") return "a subject has no name";
    if (names.has(name)) return `the subject ${name} is named twice`;
    names.add(name);
    const sha256 = isRecord(digest) ? digest["sha256"] : undefined;
    if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))
      return `the subject ${name} has no SHA-256 digest`;
  }
  return undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (value === undefined ? "absent" : JSON.stringify(value));
