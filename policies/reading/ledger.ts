import { AUDIT, zoneOfHost } from "./zones";
import type { Properties } from "../rule";

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

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

/** Why a ledger's record could be lost, altered or written by anybody; undefined where it could not. */
export function unsoundLedger(ledger: Properties, bucket: string): string | undefined {
  if (ledger.store?.bucket !== bucket) return `the ledger's segments do not end in the locked bucket ${bucket}`;
  if (!(Number(ledger.store.retainDays) >= 183))
    return "the ledger's segments are under lock for less than half a year";
  if (!ledger.signer?.certificate || !ledger.signer.key) return "the ledger signs no heads";
  if (Number(ledger.seal?.afterMilliseconds ?? 1000) > 1000)
    return "a record waits longer than a second for its anchor";
  const writers = list(ledger.writers) as Properties[];
  if (writers.length === 0) return "nobody may write to the ledger";
  const anybody = writers.find(({ name, kinds }) => !name || list(kinds).includes("*"));
  if (anybody !== undefined) return `${String(anybody.name)} may write every kind of record`;
  const door = writers.some(({ kinds }) => list(kinds).includes("door.*"));
  return door ? undefined : "nobody may record what the door itself refused";
}
