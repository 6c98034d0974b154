import { list } from "./envoy";
import { strayFrom } from "./store-target";
import { AUDIT, GATEWAY, zoneOfHost } from "./zones";
import type { Settings } from "../settings";
import type { Properties } from "../rule";

/** Why a guard would let something reach a model that is on no record; undefined where it would not. */
export function unrecordedBy(guard: Properties): string | undefined {
  const replicas = list(guard.ledger?.replicas).map(String);
  if (replicas.length < 2) return "the guard knows fewer than two replicas of the ledger";
  const strange = replicas.find((url) => !/^https:\/\//.test(url) || zoneOfLedger(url) !== AUDIT);
  if (strange !== undefined) return `the guard would record at ${strange}, which is not the zone ${AUDIT} over TLS`;
  if (list(guard.callers).length === 0) return "the guard serves whoever calls";
  return guard.ledger?.serverName ? undefined : "the guard takes any server for the ledger";
}

/** `https://ledger-0.ledger.audit.svc:8447` is a replica of a service: its zone is one name further back. */
function zoneOfLedger(url: string): string | undefined {
  const [, host = ""] = /^https?:\/\/([^:/]+)/.exec(url) ?? [];
  return zoneOfHost(host.split(".").slice(-3).join(".")) ?? zoneOfHost(host);
}

/** What a guard has to put on the record, by the kinds of records. */
const ofRequests = ["request.asked", "request.answered", "request.refused", "request.interrupted", "incident.raised"];
/** And what the door itself ended, which reaches no guard. */
const ofTheDoor = ["door.refused", "door.unanswered"];

/** A trailing `*` stands for every kind that begins so. */
const covers = (pattern: unknown, kind: string): boolean =>
  String(pattern).endsWith("*") ? kind.startsWith(String(pattern).slice(0, -1)) : pattern === kind;

/** Who may put something on the record that is not theirs to say, or cannot put there what is; undefined where nobody. */
function strangeWriter({ writers }: Properties): string | undefined {
  const all = list(writers);
  const mayWrite = ({ kinds }: Properties, kind: string) => list(kinds).some((pattern) => covers(pattern, kind));
  if (all.length === 0) return "nobody may write to the ledger";
  for (const writer of all) {
    const zone = zoneOfHost(String(writer.name ?? ""));
    if (zone === undefined) return `${String(writer.name || "whoever calls")} may write, and is no service of a zone`;
    if (list(writer.kinds).map(String).includes("*")) return `${String(writer.name)} may write every kind of record`;
    const forged = ofRequests.find((kind) => kind.startsWith("request.") && zone !== GATEWAY && mayWrite(writer, kind));
    if (forged !== undefined) return `${String(writer.name)} may write ${forged}, which the guard alone can know`;
  }
  const lost = [...ofRequests, ...ofTheDoor].find((kind) => !all.some((writer) => mayWrite(writer, kind)));
  return lost && `nobody may write ${lost}`;
}

/** The longest that a store may be away, seconds, before a ledger takes nothing more: until then the record is on one disk. */
const longestUnanchored = 3600;

/** Why an answer that still runs would be closed as interrupted; undefined where it would not. */
export const hasty = ({ interruptedSeconds }: Properties, longestAnswer: number): string | undefined =>
  // Left out, a ledger waits for twenty minutes.
  Number(interruptedSeconds ?? 1200) > longestAnswer
    ? undefined
    : `an answer may take ${longestAnswer} seconds, and is recorded as interrupted after ${String(interruptedSeconds ?? 1200)}`;

/** Why a ledger's record could be lost, altered or written by anybody; undefined where it could not. */
export function unsoundLedger(ledger: Properties, bucket: string, settings: Settings): string | undefined {
  const stray = strayFrom(bucket, ledger.store, settings);
  if (stray !== undefined) return `the ledger's segments: ${stray}`;
  if (!(Number(ledger.store.retainDays) >= 183))
    return "the ledger's segments are under lock for less than half a year";
  if (!ledger.signer?.certificate || !ledger.signer.key) return "the ledger signs no heads";
  if (!ledger.witness) return "no head is kept beside the store: who rolls back the store rolls back the record";
  if (Number(ledger.seal?.afterMilliseconds ?? 1000) > 1000)
    return "a record waits longer than a second for its anchor";
  if (Number(ledger.unanchoredSeconds ?? 300) > longestUnanchored)
    return "the ledger goes on for hours without its store";
  return strangeWriter(ledger);
}

/**
 * Why what a ledger acknowledged would go with its pod, or with one node; undefined where it would not.
 *
 * @param set what runs it: the specification of a StatefulSet.
 */
export function unkept({ data, witness }: Properties, set: Properties): string | undefined {
  if (!(Number(set?.replicas ?? 1) >= 2)) return "one ledger alone: without it nothing can be recorded";
  const claimed = list(set?.volumeClaimTemplates).map(({ metadata }) => metadata?.name as unknown);
  const disks = list(set?.template?.spec?.containers)
    .flatMap(({ volumeMounts }): Properties[] => list(volumeMounts))
    .filter(({ name }) => claimed.includes(name))
    .map(({ mountPath }) => String(mountPath));
  const lost = [data, witness].find(
    (path) => !disks.some((disk) => path === disk || String(path).startsWith(`${disk}/`)),
  );
  return lost === undefined && data ? undefined : `what is acknowledged is on no disk of its own: ${String(lost)}`;
}
