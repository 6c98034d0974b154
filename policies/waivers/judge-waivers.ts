import { catalogue } from "../catalogue";
import type { Verdict } from "../rule";
import { personOf } from "./person";
import { whyUnwaivable } from "./unwaivable";
import type { JudgedWaiver, Waiver, WaiverState } from "./waiver";
import type { WaiverSettings } from "./waiver-settings";

const day = 24 * 60 * 60 * 1000;
/** Longest time for which anything may be waived, days. */
export const longestWaiver = 90;

export interface WaiverContext {
  /** The day of the judgement in UTC, such as `2026-12-31`. */
  readonly today: string;
  readonly approvers: readonly string[];
}

/** Whole days from one day to another; undefined where one of them is none. */
function daysBetween(from: string, to: string): number | undefined {
  const days = (Date.parse(to) - Date.parse(from)) / day;
  return Number.isInteger(days) ? days : undefined;
}

/** What is wrong with a waiver by itself, whatever it waives: it then counts for nothing. */
export function waiverMistakes({ policy, owner, approver, created, expires }: Waiver, today: string): string[] {
  const lasts = daysBetween(created, expires);
  const age = daysBetween(created, today);
  return [
    ...(catalogue.some(({ id }) => id === policy) ? [] : [`there is no rule ${policy || "without a name"}`]),
    ...(personOf(owner) === personOf(approver) ? ["owner and approver are the same person"] : []),
    ...(lasts === undefined || age === undefined ? ["created or expires is not a day such as 2026-12-31"] : []),
    ...(age !== undefined && age < 0 ? [`it was created on ${created}, which is still to come`] : []),
    ...(lasts !== undefined && lasts < 0 ? ["it expires before it was created"] : []),
    ...(lasts !== undefined && lasts > longestWaiver
      ? [`it lasts ${lasts} days, and ${longestWaiver} are the most`]
      : []),
  ];
}

/** Whole days left; 0 on the last day, and where the day can't be read. */
export const daysLeft = ({ expires }: Waiver, today: string): number => daysBetween(today, expires) ?? 0;

/**
 * Judges one waiver against what its rule said of its resource.
 *
 * @param verdict before any waiver; undefined where the rule said nothing of that resource.
 */
export function judgeWaiver(waiver: Waiver, verdict: Verdict | undefined, context: WaiverContext): JudgedWaiver {
  const left = daysLeft(waiver, context.today);
  const judged = (state: WaiverState, message: string): JudgedWaiver => ({ waiver, state, daysLeft: left, message });
  const mistakes = waiverMistakes(waiver, context.today);
  if (mistakes.length > 0) return judged("malformed", mistakes.join("; "));
  const never = whyUnwaivable(waiver.policy);
  if (never !== undefined) return judged("refused", never);
  const approver = personOf(waiver.approver);
  if (!context.approvers.some((one) => personOf(one) === approver))
    return judged("refused", `${waiver.approver} is not on the environment's list of approvers`);
  if (left < 0) return judged("expired", `it expired on ${waiver.expires}`);
  if (verdict === undefined) return judged("unused", `${waiver.policy} judged no such resource`);
  if (verdict.state === "open") return judged("refused", "what is not known cannot be waived");
  if (verdict.state !== "fail") return judged("unused", `the resource does not fail ${waiver.policy}`);
  if (verdict.inputsSha256 !== waiver.inputsSha256)
    return judged("changed-inputs", "what the rule read is not what was agreed to");
  const last = left === 0 ? "ends today" : `${left} ${left === 1 ? "day" : "days"} left`;
  if (verdict.undecided !== undefined)
    return judged("active", `${last}; the rest, which is not known yet, is not waived`);
  return judged("active", last);
}

/** The waivers of an environment that are about one rule on one resource, each judged. */
function judgedFor(verdict: Verdict, settings: WaiverSettings, today: string): JudgedWaiver[] {
  const mine = ({ policy, urn }: Waiver) => policy === verdict.rule && urn === verdict.urn;
  return [
    ...settings.entries
      .filter(mine)
      .map((waiver) => judgeWaiver(waiver, verdict, { today, approvers: settings.approvers })),
    ...settings.malformed.filter(({ waiver }) => mine(waiver)).map((one) => malformed(one, today)),
  ];
}

function malformed({ waiver, mistakes }: WaiverSettings["malformed"][number], today: string): JudgedWaiver {
  return { waiver, state: "malformed", daysLeft: daysLeft(waiver, today), message: mistakes.join("; ") };
}

/**
 * A failure as waivers leave it: `waived` by one that is active; else still a failure, which tells why no waiver counts.
 * What could not be known is never waived: with such a part besides, the verdict stays open.
 */
export function withWaivers(verdict: Verdict, settings: WaiverSettings | undefined, today: string): Verdict {
  if (verdict.state !== "fail" || settings === undefined) return verdict;
  const judged = judgedFor(verdict, settings, today);
  const active = judged.find(({ state }) => state === "active");
  if (active !== undefined) {
    const waived = { ...verdict, waiver: active.waiver.id };
    if (verdict.undecided === undefined) return { ...waived, state: "waived" };
    return { ...waived, state: "open", message: verdict.undecided };
  }
  const reasons = judged.map(
    ({ waiver, message }) => `waiver ${waiver.id || "without an id"} does not count: ${message}`,
  );
  return reasons.length === 0 ? verdict : { ...verdict, message: `${verdict.message} (${reasons.join("; ")})` };
}

/**
 * Every waiver that one stack's run has to answer for: those about its own resources, and those about no stack at all.
 *
 * @param verdicts before any waiver.
 * @param complete whether the run saw every resource: if not, one that met no verdict is not known to be unused.
 */
export function judgeWaivers(
  settings: WaiverSettings | undefined,
  verdicts: readonly Verdict[],
  run: { readonly stack: string; readonly today: string; readonly complete: boolean },
): JudgedWaiver[] {
  if (settings === undefined) return [];
  const known = new Map(verdicts.map((verdict) => [`${verdict.rule} ${verdict.urn}`, verdict]));
  const entries = settings.entries.filter(({ urn }) => stackOf(urn) === run.stack);
  return [
    ...entries.map((waiver): JudgedWaiver => {
      const verdict = known.get(`${waiver.policy} ${waiver.urn}`);
      const judged = judgeWaiver(waiver, verdict, { today: run.today, approvers: settings.approvers });
      const early = judged.state === "unused" && verdict === undefined && !run.complete;
      return early ? { ...judged, message: "the run ended before its rule was reached" } : judged;
    }),
    ...settings.malformed
      .filter(({ waiver }) => [run.stack, undefined].includes(stackOf(waiver.urn)))
      .map((one) => malformed(one, run.today)),
  ];
}

/** The stack in a URN; undefined where it is none. */
export const stackOf = (urn: string): string | undefined => /^urn:pulumi:([^:]+)::/.exec(urn)?.[1];

/** What a ledger holds of waivers. */
interface WaiverLedger {
  readonly startedAt: string;
  readonly settings: { readonly waivers?: WaiverSettings };
  readonly waivers?: readonly JudgedWaiver[];
}

/** Every waiver of the ledgers' environment once. One whose stack was not judged is unused in that run, and says so. */
export function waiversOf(ledgers: readonly WaiverLedger[]): JudgedWaiver[] {
  const key = ({ id, policy, urn }: Waiver) => [id, policy, urn].join(" ");
  // What could not be read may have no name to be told apart by, and each of them has to be mended.
  const place = ({ state, message }: JudgedWaiver) => (state === "malformed" ? ` ${message}` : "");
  const judged = new Map(
    ledgers.flatMap(({ waivers = [] }) => waivers.map((one) => [`${key(one.waiver)}${place(one)}`, one] as const)),
  );
  const last = ledgers.at(-1);
  const rest = (last?.settings.waivers?.entries ?? []).filter((waiver) => !judged.has(key(waiver)));
  const unreached = rest.map((waiver): JudgedWaiver => ({
    waiver,
    state: "unused",
    daysLeft: daysLeft(waiver, (last?.startedAt ?? "").slice(0, 10)),
    message: "its stack was not judged in this run",
  }));
  return [...judged.values(), ...unreached];
}
