import type { EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { audience, drawKey, issuerUrl, type SigningKey } from "./issuer";

export const host = "llm.example.internal";
const models = [
  { name: "qwen3-8b", maxModelLength: 8192 },
  { name: "llama-3.1-8b-instruct", maxModelLength: 8192 },
];
export const names = models.map((model) => model.name);

/** A door with two applications, two models and two groups; its people's tokens are signed by the given keys. */
export const doorArgs = (keys: readonly SigningKey[], more: Partial<EnvoyConfigArgs> = {}): EnvoyConfigArgs => ({
  host,
  clients: ["support-desk", "code-review"],
  models,
  identity: {
    issuer: issuerUrl,
    audience,
    keys: keys.map((key) => key.publicKey),
    secondFactors: ["mfa", "otp", "hwk"],
  },
  access: [
    { group: "llm-users", models: ["qwen3-8b"] },
    { group: "research", models: names },
  ],
  requestTimeoutSeconds: 600,
  requestsPerMinute: 60_000,
  ...more,
});

/** One key for tests that only ask whether a configuration is taken. */
export const someKey = (): Promise<SigningKey> => drawKey("one");
