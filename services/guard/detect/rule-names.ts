import type { GuardPolicy } from "../policy/policy";
import { personalData } from "./personal-data";
import { secrets } from "./secrets";

/** Names of all rules that a policy applies, its own among them. */
export const ruleNames = ({ canaries, terms, patterns }: Pick<GuardPolicy, "canaries" | "terms" | "patterns">) => [
  ...personalData.map(({ rule }) => rule),
  ...secrets.map(({ rule }) => rule),
  "injection",
  ...canaries.map(({ name }) => `canary.${name}`),
  ...terms.map(({ name }) => `term.${name}`),
  ...patterns.map(({ name }) => `pattern.${name}`),
];
