import { doorsOf, list } from "./envoy";
import { leadsToServers } from "./envoy-routes";
import { weakPolicy } from "./guard-policy";
import { strayFrom } from "./store-target";
import { GATEWAY, zoneOfHost } from "./zones";
import { need, type Settings } from "../settings";
import type { Properties } from "../rule";

export type Files = ReadonlyMap<string, Properties>;

const isOf = (document: Properties, kind: string): boolean => String(document?.apiVersion).startsWith(`${kind}/`);
const fileAt = (files: Files, path: unknown): Properties => files.get(String(path).split("/").at(-1) ?? "");

/** The guard's configuration among the files of a ConfigMap; undefined where there is none. */
export const guardIn = (files: Files): Properties =>
  [...files.values()].find((document) => isOf(document, "cloister.dev/guard"));

/** Largest request, bytes, and longest answer, seconds, that a guard looks through: what nobody bounds starves the others. */
const most = { bytes: 64 * 1024 * 1024, seconds: 7200 };

/** Who else than the door a guard would serve; undefined where nobody. */
export function strangeCaller({ callers }: Properties): string | undefined {
  const names = list(callers).map(String);
  const strange = names.find((name) => zoneOfHost(name) !== GATEWAY);
  if (strange !== undefined) return `${strange} may ask the guard, and is not of the zone ${GATEWAY}`;
  return names.length > 0 ? undefined : "the guard serves whoever calls";
}

/** What a guard lets through, and what it looks through without a bound. */
export function unwatched(
  { policy, analysers, requestBytes, requestTimeoutSeconds }: Properties,
  files: Files,
  { guardLoosened }: Settings,
): string | undefined {
  const found = fileAt(files, policy);
  if (!isOf(found, "cloister.dev/guard-policy")) return "what it does with what it finds stands nowhere beside it";
  const weak = weakPolicy(found, guardLoosened);
  if (weak !== undefined) return weak;
  const agreed = new Set(guardLoosened?.settings.map(({ setting }) => setting));
  const optional = list(analysers).find(({ kind, required }) => required === false && !agreed.has(`${kind}.required`));
  if (optional !== undefined) return `requests go on while ${String(optional.kind)} is away`;
  const clear = list(analysers).find(({ url }) => !/^https:\/\/|^http:\/\/(127\.|localhost[:/])/.test(String(url)));
  if (clear !== undefined) return `prompts travel to ${String(clear.kind)} in clear`;
  if (!(Number(requestBytes) > 0 && Number(requestBytes) <= most.bytes)) return "a prompt of any length is taken";
  const seconds = Number(requestTimeoutSeconds);
  return seconds > 0 && seconds <= most.seconds ? undefined : "an answer may take for ever";
}

/** Why tokens would be counted by anybody, or in clear; undefined where they are not, or nobody set a limit. */
export function miscounted({ tokenLimits }: Properties): string | undefined {
  if (tokenLimits === undefined) return undefined;
  const host = /^(?:dns:\/\/\/)?([^:/]+):\d+$/.exec(String(tokenLimits?.address))?.[1] ?? "";
  if (zoneOfHost(host) !== GATEWAY)
    return `tokens are counted at ${String(tokenLimits?.address)}, outside the zone ${GATEWAY}`;
  return tokenLimits.serverName === host ? undefined : "tokens are counted by any server that answers there";
}

/** Why what a guard holds back could be read by others, or be lost; undefined where it could not. */
export function heldBackBadly({ quarantine }: Properties, settings: Settings): string | undefined {
  const recipients = list(quarantine?.recipients).map(String);
  if (recipients.length === 0) return "what is held back is encrypted for nobody";
  const other = recipients.find((one) => !one.startsWith("age1"));
  if (other !== undefined) return `what is held back is encrypted for ${other}, which is no age recipient`;
  return strayFrom(need(settings, "quarantineBucket"), quarantine, settings);
}

/** Why a guard would not ask by the way that balances, breaks and shows the certificate; undefined where it would. */
export function astray({ router }: Properties, files: Files): string | undefined {
  const behind = [...files.values()].flatMap((envoy) =>
    list(envoy?.static_resources?.listeners)
      .filter(({ address }) => address?.pipe?.path && address.pipe.path === router?.socket)
      .flatMap((listener) =>
        doorsOf({ ...envoy, static_resources: { ...envoy?.static_resources, listeners: [listener] } }),
      )
      .filter((door) => leadsToServers(envoy, door)),
  );
  return behind.length > 0 ? undefined : `nothing behind ${String(router?.socket)} leads to the models`;
}

/**
 * Whom a guard lets use what the door would not; undefined where nobody. The guard asks again, so that who comes to it past the
 * door has no other rights.
 */
export function moreThanDoor(
  { access }: Properties,
  mayAsk: ((group: string, model: string) => boolean) | undefined,
): string | undefined {
  const rights = list(access).flatMap(({ group, models }) =>
    list(models).map((model) => [String(group ?? ""), String(model)] as const),
  );
  if (rights.length === 0 || rights.length < list(access).length) return "the guard knows no rights of its own";
  if (mayAsk === undefined) return "there is no door whose rights the guard could share";
  const more = rights.find(([group, model]) => !mayAsk(group, model));
  return more && `the guard lets ${more[0] || "every group"} use ${more[1]}, and the door does not`;
}
