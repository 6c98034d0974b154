import { guardFiles } from "../recorded-door";
import type { Properties } from "../../../policies/rule";
import { peer, UNKNOWN, type Change, type RuleTables } from "./table";

type Break = (document: Properties) => unknown;

const files = (value: object): Change & { judged: string } => ({
  of: "guard-configuration",
  path: "data",
  value,
  judged: "guard-configuration",
});
const told = (change: Break) => files(guardFiles(change));
const policy = (change: Break) => files(guardFiles(undefined, { "policy.yaml": change }));
const router = (change: Break) => files(guardFiles(undefined, { "router.yaml": change }));
const presidio = { kind: "presidio", url: "https://presidio.gateway.svc:8443" };

/** That nothing reaches a model around the guard, and that the guard guards. */
export const guard: RuleTables = {
  "AI-06": {
    judged: "from-gateway",
    violations: [
      { of: "from-gateway", path: "spec.ingress.0.from.0.podSelector" },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: peer("gateway", { "app.kubernetes.io/name": "x" }) },
      { of: "from-gateway", path: "spec.ingress.0.from.1", value: peer("retrieval") },
      { of: "from-gateway", path: "spec.ingress.0.from" },
      {
        of: "from-gateway",
        path: "spec.ingress.0.from.0.namespaceSelector.matchExpressions",
        value: [{ key: "team", operator: "Exists" }],
      },
      { of: "ingress", path: "metadata.namespace", value: "serving", judged: "ingress" },
      {
        of: "ingress",
        path: "spec.rules",
        value: [{ backendRefs: [{ name: "vllm", namespace: "serving" }] }],
        judged: "ingress",
      },
      { of: "ingress", path: "spec.http", value: [{ host: "vllm.serving.svc.cluster.local" }], judged: "ingress" },
      told((guard) => (guard.callers = [])),
      told((guard) => (guard.callers = ["*"])),
      told((guard) => (guard.callers as unknown[]).push("vllm.serving.svc")),
      told((guard) => delete guard.policy),
      told((guard) => (guard.policy = "/etc/elsewhere/other.yaml")),
      told((guard) => (guard.analysers = [{ ...presidio, required: false }])),
      told((guard) => (guard.analysers = [{ ...presidio, url: "http://presidio.gateway.svc" }])),
      told((guard) => (guard.requestBytes = 0)),
      told((guard) => (guard.requestBytes = 262_144_000)),
      told((guard) => (guard.requestTimeoutSeconds = 0)),
      told((guard) => (guard.requestTimeoutSeconds = 600_000)),
      told((guard) => (guard.quarantine.recipients = [])),
      told((guard) => (guard.quarantine.recipients = ["nobody"])),
      told((guard) => (guard.quarantine.bucket = "vault")),
      told((guard) => (guard.quarantine.region = "us-east-1")),
      told((guard) => (guard.quarantine.endpoint = "http://store.example.internal")),
      told((guard) => (guard.tokenLimits = { address: "limits.example.internal:8081", serverName: "limits" })),
      told((guard) => (guard.tokenLimits = { address: "dns:///ratelimit.gateway.svc:8081" })),
      told((guard) => delete guard.router.socket),
      router(({ static_resources: { listeners } }) => (listeners[0].address.pipe.path = "/run/other.sock")),
      router(({ static_resources: { listeners } }) => (listeners[0].filter_chains = [])),
      told((guard) => (guard.access = [])),
      told((guard) => delete guard.access[0].group),
      told((guard) => (guard.access[0].models = [])),
      told((guard) => (guard.access[0].models = ["two"])),
      told((guard) => (guard.access as unknown[]).push({ group: "everybody", models: ["one"] })),
      policy((document) => delete document.apiVersion),
      policy((document) => (document.personalData = { prompt: "allow" })),
      policy((document) => (document.personalData = { answer: "allow" })),
      policy((document) => (document.secrets = { prompt: "mask" })),
      policy((document) => (document.injection = { prompt: "mask" })),
      policy((document) => (document.injection = { threshold: 20 })),
      policy((document) => (document.rules = { "pii.email": { answer: "allow" } })),
      policy((document) => (document.rules = { "secret.assignment": { prompt: "allow" } })),
      policy((document) => (document.rules = { "canary.one": { answer: "allow" } })),
      policy((document) => (document.allowed = [{ rule: "pii.email", texts: ["ada@example.com"] }])),
      policy((document) => (document.holdBackCharacters = 64)),
    ],
    unknown: { of: "from-gateway", path: "spec.ingress", value: UNKNOWN },
    beyond: { of: "from-gateway", path: "metadata.namespace", value: "audit" },
  },
};
