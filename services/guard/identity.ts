import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Refusal } from "../shared/http";

/** Who asks, as the door found it: it takes these headers from nobody else. */
export interface Identity {
  /** Name in the application's certificate. */
  readonly application: string;
  /** The person, as the issuer names them. */
  readonly person: string;
  readonly groups: readonly string[];
  /** SHA-256 of the application's certificate, hexadecimal. */
  readonly certificate: string;
  /** The door's number of the request. */
  readonly request: string | undefined;
  /** The door's trace context (W3C), where it traces; callers' own never come past it. */
  readonly trace: string | undefined;
}

/** Nothing else is passed on under this name. */
const traceContext = /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/;

const one = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** A list as the door writes one: with commas, or as JSON where a group's name may hold one. */
function listOf(text: string): string[] {
  if (!text.startsWith("["))
    return text
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean);
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/**
 * Reads who asks.
 *
 * @throws Refusal 401 where the door did not say: then this is not the door's doing.
 */
export function identityOf(headers: IncomingHttpHeaders): Identity {
  const [application, person] = [one(headers, "x-cloister-application"), one(headers, "x-cloister-person")];
  const certificate = one(headers, "x-cloister-certificate");
  const groups = one(headers, "x-cloister-groups") ?? "";
  if (application === undefined || person === undefined || certificate === undefined) {
    throw new Refusal(401, "no_identity", "The request does not say who asks.");
  }
  try {
    const trace = one(headers, "traceparent");
    return {
      ...{ application, person, groups: listOf(groups), certificate },
      request: one(headers, "x-request-id"),
      trace: trace !== undefined && traceContext.test(trace) ? trace : undefined,
    };
  } catch {
    throw new Refusal(401, "no_identity", "The groups of the request cannot be read.");
  }
}

/**
 * The salt of the model server's prefix cache: the same for one person in one application, and for nobody else. With one
 * salt for all, the time of an answer would tell whether somebody else had sent the same text.
 */
export const cacheSalt = (key: Buffer, { application, person }: Identity): string =>
  createHmac("sha256", key)
    .update(JSON.stringify([application, person]))
    .digest("base64url");

/** Models that any of the groups may use, in the order of the configuration. */
export const modelsFor = (
  access: readonly { readonly group: string; readonly models: readonly string[] }[],
  { groups }: Identity,
): string[] => [...new Set(access.filter(({ group }) => groups.includes(group)).flatMap(({ models }) => models))];
