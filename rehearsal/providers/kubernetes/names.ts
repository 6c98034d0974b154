import type { CheckFailure, Json } from "../provider";

interface NameRule {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly words: string;
}

const label: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  words: "a DNS-1123 label: lower-case letters, digits and hyphens, a letter or digit at both ends, at most 63",
};
const service: NameRule = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  longest: 63,
  words: "a DNS-1035 label: lower-case letters, digits and hyphens, a letter first, at most 63",
};
const subdomain: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  longest: 253,
  words: "a DNS-1123 subdomain: lower-case letters, digits, hyphens and dots, at most 253",
};
/** Access rules have names such as `system:node`. */
const pathSegment: NameRule = { pattern: /^(?!\.{1,2}$)[^/%]+$/, longest: 253, words: "free of / and %, at most 253" };

function ruleFor(apiVersion: string, kind: string): NameRule {
  if (apiVersion === "v1" && kind === "Namespace") return label;
  if (apiVersion === "v1" && kind === "Service") return service;
  return apiVersion.startsWith("rbac.authorization.k8s.io/") ? pathSegment : subdomain;
}

/** What is wrong with an object's name or namespace, if anything. */
export function nameFailures(apiVersion: string, kind: string, metadata: Record<string, Json>): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const check = (property: string, value: Json | undefined, rule: NameRule) => {
    if (typeof value === "string" && value.length <= rule.longest && rule.pattern.test(value)) return;
    failures.push({
      property,
      reason: `found ${value === undefined ? "nothing" : JSON.stringify(value)}; write a name that is ${rule.words}.`,
    });
  };
  check("metadata.name", metadata.name, ruleFor(apiVersion, kind));
  if (metadata.namespace !== undefined) check("metadata.namespace", metadata.namespace, label);
  return failures;
}
