import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UngatedUpdate } from "../../../policies/evidence/evidence";
import type { StackJudgement } from "../../judge-deployed";
import { tellUngated, type UngatedChange } from "./ungated";
import type { VerdictKeeper } from "./verdict-keeper";

export interface AnswerArgs {
  readonly keeper: VerdictKeeper;
  readonly stacks: readonly string[];
  /** Judge what stands instead of stopping at it. */
  readonly judge: boolean;
  readonly judgeStacks: (stacks: readonly string[]) => Promise<readonly StackJudgement[]>;
  /** Where the environment's runs keep their files. */
  readonly directory: string;
  /** The command that judges, as a person types it. */
  readonly mend: string;
  readonly tell: (text: string) => void;
}

export interface Answer {
  /** `clear`: every stack is as the gate left it, or what stands was judged and released. */
  readonly answer: "clear" | "stopped" | "not-released";
  readonly changes: readonly UngatedChange[];
}

/** Stops at stacks that were changed without the gate; or judges them, signs what was found and keeps it for the evidence. */
export async function answerUngated(args: AnswerArgs): Promise<Answer> {
  const { keeper, stacks, judge, judgeStacks, directory, mend, tell } = args;
  const checks = await Promise.all(stacks.map((stack) => keeper.check(stack)));
  for (const { note } of checks) if (note !== undefined) tell(note);
  const changes = checks.flatMap(({ ungated }) => ungated ?? []);
  if (changes.length === 0) return { answer: "clear", changes };
  for (const change of changes) tell(tellUngated(change));
  if (!judge) {
    tell(`Nothing was changed. To mend: have what stands judged, \`${mend}\`; it goes on where that is released.`);
    return { answer: "stopped", changes };
  }
  await Promise.all(changes.map(({ stack }) => keeper.take(stack)));
  const judgements = await judgeStacks(changes.map(({ stack }) => stack));
  const clear = await signJudgements(keeper, judgements, tell);
  for (const { stack, released } of judgements)
    tell(`${stack}: what stands was judged, and is ${released ? "released" : "not released"}.`);
  keepForEvidence(directory, changes, judgements);
  if (!clear)
    tell("The next run goes on from here: it brings what stands back to what the code says, and judges it again.");
  return { answer: clear ? "clear" : "not-released", changes };
}

/** Signs what was judged, and says why something is not released. @returns whether all of it is released. */
export async function signJudgements(
  keeper: VerdictKeeper,
  judgements: readonly StackJudgement[],
  tell: (text: string) => void,
): Promise<boolean> {
  let clear = true;
  for (const { stack, released, reasons } of judgements) {
    const held = await keeper.judged(stack, released);
    if (!held) tell(`${stack} changed while it was judged: nothing was signed.`);
    for (const reason of reasons) tell(`${stack}: ${reason}`);
    clear &&= released && held;
  }
  return clear;
}

const fileIn = (directory: string): string => join(directory, "ungated-updates.json");

/** Every change without the gate that was judged afterwards, the oldest first. */
export function ungatedUpdates(directory: string): UngatedUpdate[] {
  const file = fileIn(directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as UngatedUpdate[]) : [];
}

function keepForEvidence(
  directory: string,
  changes: readonly UngatedChange[],
  judgements: readonly StackJudgement[],
): void {
  const judgedAt = new Date().toISOString();
  const judged = changes.map(({ stack, why, updates, resources }): UngatedUpdate => ({
    stack,
    why,
    judgedAt,
    released: judgements.some((one) => one.stack === stack && one.released),
    updates: updates.map(({ kind, startedAt, changes: counts }) => ({ kind, startedAt, changes: counts })),
    resources,
  }));
  writeFileSync(fileIn(directory), `${JSON.stringify([...ungatedUpdates(directory), ...judged], null, 2)}\n`, {
    mode: 0o600,
  });
}
