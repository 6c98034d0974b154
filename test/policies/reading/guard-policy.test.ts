import { describe, expect, it } from "vitest";
import { weakPolicy } from "../../../policies/reading/guard-policy";
import { unwatched } from "../../../policies/reading/guard";

const settings = [
  { setting: "rules.pii.email.answer", value: "allow" },
  { setting: "secrets.prompt", value: "mask" },
  { setting: "injection.threshold", value: 5 },
  { setting: "holdBackCharacters", value: 128 },
  { setting: "presidio.required", value: false },
];
const allowed = [{ rule: "pii.email", texts: ["press@example.com", "info@example.com"] }];
const loosened = { settings, allowed };

describe("a guard's policy that somebody answers for", () => {
  it.each([
    ["a rule", { rules: { "pii.email": { answer: "allow" } } }],
    ["a kind", { secrets: { prompt: "mask" } }],
    ["a threshold, and one below it", { injection: { threshold: 4 } }],
    ["what is held back", { holdBackCharacters: 128 }],
    ["a text", { allowed: [{ rule: "pii.email", texts: ["info@example.com"] }] }],
  ])("is let through as it was agreed: %s", (_what, policy) => {
    expect(weakPolicy(policy)).toBeDefined();
    expect(weakPolicy(policy, loosened)).toBeUndefined();
  });

  it.each([
    ["another side of the rule", { rules: { "pii.email": { prompt: "allow" } } }],
    ["another rule", { rules: { "pii.iban": { answer: "allow" } } }],
    ["its whole kind", { personalData: { answer: "allow" } }],
    ["more than that", { secrets: { prompt: "allow" } }],
    ["a higher threshold", { injection: { threshold: 6 } }],
    ["less held back", { holdBackCharacters: 64 }],
    ["another text", { allowed: [{ rule: "pii.email", texts: ["ada@example.com"] }] }],
    ["the text for another rule", { allowed: [{ rule: "pii.iban", texts: ["info@example.com"] }] }],
    ["a planted text", { rules: { "canary.one": { answer: "mask" } } }],
  ])("is weak beyond it: %s", (_what, policy) => {
    expect(weakPolicy(policy, loosened)).toBeDefined();
  });

  it("lets an analyser be missing where that was agreed", () => {
    const files = new Map([["policy.yaml", { apiVersion: "cloister.dev/guard-policy/v1" }]]);
    const analysers = [{ kind: "presidio", url: "https://presidio.gateway.svc:8450", required: false }];
    const guard = { policy: "/etc/guard/policy.yaml", analysers, requestBytes: 65_536, requestTimeoutSeconds: 600 };
    expect(unwatched(guard, files, { guardLoosened: loosened })).toBeUndefined();
    expect(unwatched(guard, files, {})).toBe("requests go on while presidio is away");
  });
});
