import { typed, type Json } from "./envoy-fields";

/** What one person, or all of a group together, may use. Whole numbers; zero shuts them out. */
export interface Allowance {
  /** Requests in a minute, over all pods of the door. */
  readonly requestsPerMinute: number;
  /** Tokens of prompts and answers in an hour; the guard counts them. */
  readonly tokensPerHour: number;
}

export interface GroupAllowance extends Allowance {
  /** As the issuer's `groups` claim names it. */
  readonly group: string;
}

export interface DoorLimits {
  /** Each person, whoever it is. */
  readonly person: Allowance;
  /** Groups with a limit for all of them together. Who is in several uses up each; a group that is not named has none. */
  readonly groups: readonly GroupAllowance[];
  /** How long the service that counts may take, milliseconds: then the request is refused. Default: 1000. */
  readonly timeoutMilliseconds?: number;
}

/** A limit of this pod alone, which holds even where nobody is known yet. */
export function localLimit(requestsPerMinute: number): Json {
  const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
  return {
    name: "envoy.filters.http.local_ratelimit",
    typed_config: typed("envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit", {
      stat_prefix: "door_limit",
      token_bucket: { max_tokens: requestsPerMinute, tokens_per_fill: requestsPerMinute, fill_interval: "60s" },
      filter_enabled: always,
      filter_enforced: always,
    }),
  };
}

const person: Json = { request_headers: { header_name: "x-cloister-person", descriptor_key: "person" } };

/** @throws Error where the door leaves the group's name out of what it tells on: it would never be counted. */
function memberOf({ group }: GroupAllowance): Json {
  if (!/^[\w\-.:/@ ]+$/.test(group)) throw new Error(`the group ${JSON.stringify(group)} cannot have a limit`);
  const regex = `(.*,)?${group.replaceAll(".", "\\.")}(,.*)?`;
  return {
    header_value_match: {
      descriptor_key: "group",
      descriptor_value: group,
      headers: [{ name: "x-cloister-groups", string_match: { safe_regex: { regex } } }],
    },
  };
}

/**
 * Limits that all pods of the door share, counted by a service; whoever it does not answer for is refused. It is asked
 * with the headers that the door itself wrote, so it comes after the filter that writes them.
 */
export function sharedLimit({ groups, timeoutMilliseconds = 1000 }: DoorLimits): Json {
  return {
    name: "envoy.filters.http.ratelimit",
    typed_config: typed("envoy.extensions.filters.http.ratelimit.v3.RateLimit", {
      domain: "door",
      timeout: `${timeoutMilliseconds / 1000}s`,
      failure_mode_deny: true,
      status_on_error: { code: "ServiceUnavailable" },
      rate_limit_service: {
        transport_api_version: "V3",
        grpc_service: { envoy_grpc: { cluster_name: "ratelimit" } },
      },
      rate_limits: [person, ...groups.map(memberOf)].map((action) => ({ actions: [action] })),
    }),
  };
}

/** What the service counts by: a person's name comes with each request, a group's is known. */
const descriptors = (limits: DoorLimits, limitOf: (allowance: Allowance) => Json): Json[] => [
  { key: "person", rate_limit: limitOf(limits.person) },
  ...limits.groups.map((each) => ({ key: "group", value: each.group, rate_limit: limitOf(each) })),
];

/**
 * Configuration of envoyproxy/ratelimit by file name, one for each domain: `door` counts requests, `tokens` the tokens
 * that the guard reports.
 */
export function rateLimitConfig(limits: DoorLimits): Record<"door.yaml" | "tokens.yaml", Json> {
  return {
    "door.yaml": {
      domain: "door",
      descriptors: descriptors(limits, ({ requestsPerMinute }) => ({
        unit: "minute",
        requests_per_unit: requestsPerMinute,
      })),
    },
    "tokens.yaml": {
      domain: "tokens",
      descriptors: descriptors(limits, ({ tokensPerHour }) => ({ unit: "hour", requests_per_unit: tokensPerHour })),
    },
  };
}
