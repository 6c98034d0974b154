import type { KeyObject } from "node:crypto";
import { keyId, signStatement, verifyEnvelope } from "../../../policies/attestation/dsse";
import { statementOf, statementPayloadType } from "../../../policies/attestation/statement";

/**
 * How far the gate has come with a stack. `begun`: it is being updated through the gate. `updated`: it was, and what stands
 * was not judged yet. `stopped`: the update failed or was refused on its way. The other two are the judgement of what stands.
 */
export const verdictOutcomes = ["begun", "updated", "stopped", "released", "not-released"] as const;
export type VerdictOutcome = (typeof verdictOutcomes)[number];

/** What the gate last said of a stack, bound to the state it was said of. */
export interface StackVerdict {
  readonly stack: string;
  readonly outcome: VerdictOutcome;
  /** See `StandingState.sha256`. */
  readonly state: string;
  /** ISO 8601, UTC, in whole seconds. */
  readonly at: string;
  /** The newest update of the history by then: see `updateId`. */
  readonly lastUpdate: string;
  /** Of `begun`: 32 hexadecimal digits of the SHA-256 of what the update's message will hold. Else zeros. */
  readonly mark: string;
}

const predicateType = "https://cloister.dev/stack-verdict/v1";
const format = "v1";
export const noMark = "0".repeat(32);

/** The statement that is signed. Its bytes follow from the verdict alone, so that only the verdict and the signature are kept. */
const statementOfVerdict = ({ stack, state, ...predicate }: StackVerdict) => {
  const { outcome, at, lastUpdate, mark } = predicate;
  return statementOf([{ name: stack, digest: { sha256: state } }], predicateType, { outcome, at, lastUpdate, mark });
};

/** A verdict and its signature in one line of less than 256 characters: the most that every backend takes as a tag. */
export function sealVerdict(verdict: StackVerdict, privateKey: KeyObject): string {
  const sig = signStatement(statementOfVerdict(verdict), privateKey).signatures[0]?.sig ?? "";
  const { outcome, at, state, lastUpdate, mark } = verdict;
  return [format, outcome, at, shorter(state), lastUpdate, shorter(mark), sig].join(" ");
}

/**
 * Opens a sealed verdict.
 *
 * @throws Error where it is none, was altered, is about another stack, or another key signed it.
 */
export function openVerdict(stack: string, sealed: string, publicKey: KeyObject): StackVerdict {
  const [version, outcome, at = "", state = "", lastUpdate = "", mark = "", sig = ""] = sealed.split(" ");
  const known = verdictOutcomes.find((one) => one === outcome);
  if (version !== format || known === undefined) throw new Error("it is no verdict of this version of the kit");
  const verdict = { stack, outcome: known, state: longer(state), at, lastUpdate, mark: longer(mark) };
  const payload = Buffer.from(JSON.stringify(statementOfVerdict(verdict))).toString("base64");
  const signatures = [{ keyid: keyId(publicKey), sig }];
  verifyEnvelope({ payloadType: statementPayloadType, payload, signatures }, publicKey);
  return verdict;
}

const shorter = (hexadecimal: string): string => Buffer.from(hexadecimal, "hex").toString("base64url");
const longer = (text: string): string => Buffer.from(text, "base64url").toString("hex");
