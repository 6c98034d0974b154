import type { EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";

export const host = "llm.example.internal";
/** A door with two applications and two models. */
export const args: EnvoyConfigArgs = {
  host,
  clients: ["support-desk", "code-review"],
  models: [
    { name: "qwen3-8b", maxModelLength: 8192 },
    { name: "llama-3.1-8b-instruct", maxModelLength: 8192 },
  ],
  requestTimeoutSeconds: 600,
  requestsPerMinute: 600,
};

export const names = args.models.map((model) => model.name);
