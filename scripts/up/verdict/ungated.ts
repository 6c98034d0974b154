import { createHash, type KeyObject } from "node:crypto";
import { updateId, type StackUpdate, type StandingState } from "./standing-state";
import { openVerdict, type StackVerdict } from "./stack-verdict";

/** A stack that was changed without the gate since it last said something about it. */
export interface UngatedChange {
  readonly stack: string;
  /** What is known of it, in a sentence. */
  readonly why: string;
  /** Updates that the gate did not make, the newest first; empty where the state itself was edited. */
  readonly updates: readonly StackUpdate[];
  /** Resources that are not as the gate left them, as `changed <name>`; empty where this machine does not know how it left them. */
  readonly resources: readonly string[];
}

export interface StandingCheck {
  readonly ungated?: UngatedChange;
  /** Something worth saying that stops nothing. */
  readonly note?: string;
}

export interface KeptVerdict {
  /** The sealed verdict; undefined where none was ever kept. */
  readonly sealed: string | undefined;
  /** How the gate left the resources, where this machine knows: see `StandingState.members`. */
  readonly members?: Readonly<Record<string, string>>;
}

/** Digest of what an update's message holds: 32 hexadecimal digits. */
export const markOf = (token: string): string => createHash("sha256").update(token).digest("hex").slice(0, 32);

/** What the message of an update through the gate holds: nobody but the gate knows it before the update is over. */
export const gatedMessage = (token: string): string => `Through the gate: ${token}`;

/** Compares what stands with what the gate last said of it. */
export function checkStanding(state: StandingState, kept: KeptVerdict, publicKey: KeyObject): StandingCheck {
  // Where nothing stands there is nothing that could be other than it was judged.
  if (state.resources === 0) return {};
  const ungated = (why: string, updates: readonly StackUpdate[] = []): StandingCheck => ({
    ungated: { stack: state.stack, why, updates, resources: differing(state.members, kept.members) },
  });
  if (kept.sealed === undefined)
    return ungated("no verdict of the gate was ever kept of it", state.updates.slice(0, 1));
  let verdict: StackVerdict;
  try {
    verdict = openVerdict(state.stack, kept.sealed, publicKey);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return ungated(`the verdict that is kept of it proves nothing: ${reason}`, state.updates.slice(0, 1));
  }
  if (verdict.state === state.sha256) return {};
  const newer = updatesSince(state, verdict);
  if (
    verdict.outcome === "begun" &&
    newer.every((update) => markOf(tokenIn(update)) === verdict.mark) &&
    newer.length <= 1
  )
    return {
      note: `${state.stack}: an update through the gate that began at ${verdict.at} was interrupted; it goes on`,
    };
  if (newer.length > 0) return ungated(`it was updated without the gate since ${verdict.at}`, newer);
  return ungated(
    `its state was edited since ${verdict.at} by no update: \`pulumi state\` or \`pulumi stack import\` leave no trace in its history`,
  );
}

function updatesSince({ updates }: StandingState, { lastUpdate }: StackVerdict): readonly StackUpdate[] {
  const index = updates.findIndex((update) => updateId(update) === lastUpdate);
  return index < 0 ? updates : updates.slice(0, index);
}

const tokenIn = ({ message }: StackUpdate): string =>
  message.startsWith(gatedMessage("")) ? message.slice(gatedMessage("").length) : "";

function differing(
  now: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  if (before === undefined) return [];
  const name = (urn: string) => urn.split("::").at(-1) ?? urn;
  return [
    ...Object.keys(now).flatMap((urn) =>
      before[urn] === now[urn] ? [] : [`${before[urn] === undefined ? "new" : "changed"} ${name(urn)}`],
    ),
    ...Object.keys(before).flatMap((urn) => (now[urn] === undefined ? [`gone ${name(urn)}`] : [])),
  ].sort();
}

/** As a person reads it, with the way to mend it. */
export function tellUngated({ stack, why, updates, resources }: UngatedChange): string {
  const most = 10;
  return [
    `${stack} was not left as it is by the gate: ${why}.`,
    ...updates.slice(0, most).map((update) => {
      const changes = Object.entries(update.changes).map(([operation, count]) => `${count} ${operation}`);
      const how = update.withPack ? "with a policy pack, and not by `cloister up`" : "without a policy pack";
      return `  ${update.startedAt} ${update.kind}, ${update.result}, ${how}: ${changes.join(", ") || "no resources"}${update.message === "" ? "" : ` (“${update.message}”)`}`;
    }),
    ...resources.slice(0, most).map((one) => `  ${one}`),
    ...(resources.length > most ? [`  and ${resources.length - most} more`] : []),
  ].join("\n");
}
