import { controlsOf } from "../../catalogue";
import { CONFIG_MAP, documentsOf } from "../../reading/configuration";
import {
  differsByRoute,
  doorsOf,
  envoysIn,
  filterOf,
  hiddenIn,
  list,
  reachesModels,
  type EnvoyDoor,
} from "../../reading/envoy";
import type { Examination } from "../../examination";
import { validationOf } from "../../reading/envoy-tls";
import { forgeable } from "../../reading/envoy-headers";
import { unbound, unidentified } from "../../reading/envoy-people";
import { foolableDoor, unboundedDoor, unboundedWhole } from "../../reading/envoy-limits";
import { unentitled } from "../../reading/envoy-rights";
import { confused, openAdmin, openPaths } from "../../reading/envoy-routes";
import { podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { GATEWAY, SERVING } from "../../reading/zones";
import type { Properties, Rule, Subject } from "../../rule";

/** A runtime fraction that lets nothing past: absent it would let everything. */
const always = (fraction: Properties): boolean =>
  fraction?.default_value?.numerator === 100 && (fraction.default_value.denominator ?? "HUNDRED") === "HUNDRED";

/** Who asks for the caller's certificate to be told on, and leaves the name out, tells of nobody. */
function unnamed({ http }: EnvoyDoor): string | undefined {
  const { forward_client_cert_details: forward, set_current_client_cert_details: details } = http;
  return forward === "SANITIZE_SET" && details?.dns !== true && details?.uri !== true
    ? "who called is not handed on to what answers"
    : undefined;
}

function unauthenticated(door: EnvoyDoor): string | undefined {
  const { tls } = door;
  const validation = validationOf(tls?.common_tls_context);
  if (tls?.require_client_certificate !== true) return "no client certificate is asked for";
  if (!validation?.trusted_ca) return "a certificate of any authority is taken";
  const names = (validation.match_typed_subject_alt_names ?? []) as Properties[];
  if (names.length === 0) return "every certificate of the authority is taken, whoever it names";
  return names.every(({ matcher }) => Boolean(matcher?.exact)) ? undefined : "callers are not named exactly";
}

/** Requests that one door lets in: more than this each second is more than models answer, so it limits nothing. */
const mostPerSecond = 1000;

function requestsPerSecond(bucket: Properties): number {
  const seconds = Number(/^([\d.]+)s$/.exec(String(bucket?.fill_interval))?.[1] ?? Number.NaN);
  const perFill = Number(bucket?.tokens_per_fill ?? 1);
  return Number(bucket?.max_tokens) > 0 && perFill > 0
    ? Math.max(Number(bucket.max_tokens), perFill) / seconds
    : Number.NaN;
}

/** Bytes of a request: the longest prompts of today's models are some megabytes of text. */
const mostBytes = 64 * 1024 * 1024;

/** One limit for all together lets one caller use up everybody's: something that the door itself wrote has to tell them apart. */
const countsCallers = ({ rate_limits: limits }: Properties): boolean =>
  list(limits).some(({ actions }) =>
    list(actions).some(({ request_headers: header }) =>
      /^x-cloister-(person|application)$/.test(String(header?.header_name)),
    ),
  );

function unlimited(door: EnvoyDoor): string | undefined {
  if (differsByRoute(door)) return "a route has limits of its own, or none";
  const shared = filterOf(door, "RateLimit");
  if (shared !== undefined) {
    if (shared.failure_mode_deny !== true) return "the limit is off while its service is";
    return countsCallers(shared) ? undefined : "the shared limit counts nobody by name";
  }
  const local = filterOf(door, "LocalRateLimit");
  if (!(requestsPerSecond(local?.token_bucket) <= mostPerSecond)) return "requests are not limited";
  return always(local.filter_enabled) && always(local.filter_enforced) ? undefined : "the limit is not always in force";
}

const bytesOf = (door: EnvoyDoor): number => Number(filterOf(door, "Buffer")?.max_request_bytes);

const unmeasured = (door: EnvoyDoor): string | undefined =>
  bytesOf(door) > 0 && bytesOf(door) <= mostBytes ? undefined : "a prompt of any length is taken";

function examineDoor(configMap: Subject, examination: Examination): void {
  examination.within("data", () => {
    const envoys = envoysIn(configMap);
    if (envoys.length === 0) return examination.notApplicable("it configures no gateway");
    for (const envoy of envoys) {
      examination.ask("static_resources.listeners", () => hiddenIn(envoy));
      examination.ask("overload_manager", () => unboundedWhole(envoy));
      examination.ask("admin", () => openAdmin(envoy));
      for (const door of doorsOf(envoy)) {
        examination.ask(`listener ${door.name} limits`, () => unboundedDoor(door));
        examination.ask(`listener ${door.name} callers`, () => unnamed(door));
        examination.ask(`listener ${door.name} paths and names`, () => foolableDoor(door));
        examination.ask(`listener ${door.name} headers`, () => forgeable(door));
        examination.ask(`listener ${door.name} routes`, () => openPaths(envoy, door) ?? confused(envoy, door));
      }
      const doors = doorsOf(envoy).filter((door) => reachesModels(envoy, door));
      for (const door of doors) {
        examination.ask(`listener ${door.name} transport_socket`, () => unauthenticated(door));
        examination.ask(`listener ${door.name} persons`, () => unidentified(door, documentsOf(configMap)));
        examination.ask(`listener ${door.name} persons`, () => unbound(door));
        examination.ask(`listener ${door.name} rights`, () => unentitled(door, documentsOf(configMap)));
        examination.ask(`listener ${door.name} rate limit`, () => unlimited(door));
        examination.ask(`listener ${door.name} buffer`, () => unmeasured(door));
      }
    }
  });
}

/** The longest prompt and answer together that a server takes, as vLLM's arguments say; NaN where they do not. */
function longest({ spec }: { readonly spec: Properties }): number {
  const containers = (spec.containers ?? []) as Properties[];
  const words = containers.flatMap(({ command, args }) => [
    ...((command ?? []) as string[]),
    ...((args ?? []) as string[]),
  ]);
  const at = words.findIndex((word) => /^--max[-_]model[-_]len(=|$)/.test(word));
  return Number(words[at]?.split("=")[1] ?? words[at + 1] ?? Number.NaN);
}

/**
 * Tokens are held by three bounds together: requests in a minute, bytes of a prompt, tokens of a prompt and its answer. A
 * quota for each application, counted in tokens, takes a guard that reads answers.
 */
export const ai08: Rule = {
  id: "AI-08",
  title: "The gateway authenticates and limits requests and tokens",
  severity: "high",
  scope: "resource",
  types: [CONFIG_MAP, ...workloadTypes],
  remediation:
    "Ask for a client certificate with an exact name and a token bound to it, name each group's models, limit requests and the bytes of each at the door, and give model servers --max-model-len.",
  supports: controlsOf("AI-08"),
  check(subject, examination) {
    if (subject.type === CONFIG_MAP) {
      if (zoneOf(subject) !== GATEWAY) return examination.notApplicable(`it is not in the zone ${GATEWAY}`);
      return examineDoor(subject, examination);
    }
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the workload is not in the zone ${SERVING}`);
    const pod = podOf(subject);
    examination.ask(`${pod.path}.containers`, () =>
      longest(pod) > 0 ? undefined : "the tokens of one request are not bounded: --max-model-len is absent",
    );
  },
};
