import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { Json } from "../provider";
import { isObject } from "../property-path";

/** Says what would have been allowed; undefined where the value is right. */
export type Rule = (value: Json) => string | undefined;

const when =
  (right: (value: Json) => boolean, allowed: string): Rule =>
  (value) =>
    right(value) ? undefined : allowed;

export const oneOf = (...values: readonly (string | number)[]): Rule =>
  when((value) => values.includes(value as string), `one of ${values.join(", ")}`);

export const between = (least: number, most: number, unit = ""): Rule =>
  when(
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `a whole number from ${least} to ${most}${unit && ` ${unit}`}`,
  );

export const matching = (pattern: RegExp, allowed: string): Rule =>
  when((value) => typeof value === "string" && pattern.test(value), allowed);

/** Holds where either rule does. */
export const either =
  (one: Rule, other: Rule): Rule =>
  (value) => {
    const [first, second] = [one(value), other(value)];
    return first && second ? `${first}, or ${second}` : undefined;
  };

const parts = (value: Json): string[] => (typeof value === "string" ? value.split("/") : []);

/** An IPv4 network in its canonical form, its prefix length between the two given. */
export function cidr4(least = 0, most = 32): Rule {
  const allowed = `an IPv4 network from /${least} to /${most} with no host bits, such as 10.0.0.0/${Math.max(least, 16)}`;
  return when((value) => {
    const [address = "", prefix = "", ...rest] = parts(value);
    const bits = Number(prefix);
    if (rest.length || !isIPv4(address) || !/^\d{1,2}$/.test(prefix) || bits < least || bits > most) return false;
    const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    return number % 2 ** (32 - bits) === 0;
  }, allowed);
}

export const cidr6: Rule = when((value) => {
  const [address = "", prefix = "", ...rest] = parts(value);
  if (rest.length || !isIPv6(address) || !/^\d{1,3}$/.test(prefix) || Number(prefix) > 128) return false;
  const network = new BlockList();
  network.addSubnet(address, Number(prefix), "ipv6");
  return network.check(address, "ipv6");
}, "an IPv6 network, such as fd00::/8");

export const arn = (service = "[a-z0-9-]+"): Rule =>
  matching(
    new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:(\\d{12}|aws)?:.+$`),
    `an ARN${service.startsWith("[") ? "" : ` of ${service}`}, such as arn:aws:${service.startsWith("[") ? "kms" : service}:…`,
  );

/** An identifier that EC2 gives, such as `vpc-0123456789abcdef0`. */
export const identifier = (prefix: string): Rule =>
  matching(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `an identifier such as ${prefix}-0123456789abcdef0`);

const parsed = (value: Json): Json | undefined => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
};

export const json: Rule = when((value) => parsed(value) !== undefined, "a JSON document");

/** A policy document: JSON with a known version, whose statements each have an effect and say what they act on. */
export const policy: Rule = (value) => {
  const document = parsed(value);
  if (!isObject(document)) return "a policy document in JSON";
  if (document.Version !== undefined && !["2012-10-17", "2008-10-17"].includes(document.Version as string)) {
    return "a policy document whose Version is 2012-10-17";
  }
  const statements = [document.Statement ?? []].flat();
  if (statements.length === 0) return "a policy document with at least one Statement";
  const wrong = statements.findIndex(
    (statement) =>
      !isObject(statement) ||
      !["Allow", "Deny"].includes(statement.Effect as string) ||
      (statement.Action === undefined && statement.NotAction === undefined),
  );
  return wrong < 0 ? undefined : `a policy document; Statement ${wrong} needs an Effect (Allow or Deny) and an Action`;
};
