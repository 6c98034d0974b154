import { createHash } from "node:crypto";
import { catalogue } from "../../../policies/catalogue";
import type { EvidenceInput, EvidenceResource } from "../../../policies/evidence/evidence";
import { LedgerWriter, type VerdictLedger } from "../../../policies/evidence/ledger";
import { matches, type State, type Verdict } from "../../../policies/rule";
import { rules } from "../../../policies/rules";
import { exampleResources, FOUNDATION, PLATFORM } from "./example-resources";
import { exampleWaivers, WAIVED } from "./example-waivers";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Checks that do not pass, by rule and the end of a resource's name. */
const exceptions: readonly (readonly [string, string, State, string, string?])[] = [
  [WAIVED.rule, WAIVED.name, "waived", "the log group names no key of the customer's", "kmsKeyId"],
  ["AUD-05", "network-flow-log", "fail", "the log group keeps 30 days, and a year is asked for", "retentionInDays"],
  [
    "NET-11",
    "door-envoy-deployment",
    "fail",
    "the container may write to its root",
    "spec.template.spec.containers[0]",
  ],
  ["ENC-05", "keys-state", "fail", "the key does not rotate", "enableKeyRotation"],
  ["ENC-06", "keys-raw", "open", "the key's policy is not known yet", "policy"],
  ["AVL-01", "servers-qwen3-8b-deployment", "open", "the number of replicas is not known yet", "spec.replicas"],
];

function judge(resources: readonly EvidenceResource[], before: boolean): Verdict[] {
  return resources.flatMap((resource) =>
    rules
      .filter((rule) => matches(rule.types, resource.type))
      .map(({ id, title }): Verdict => {
        const found = exceptions.find(([rule, name]) => rule === id && resource.urn.endsWith(name));
        // The run before had mended nothing yet of the vectors' key, and knew nothing against the state's.
        const earlier: State | undefined = !before
          ? undefined
          : id === "ENC-05" && resource.urn.endsWith("keys-vectors")
            ? "fail"
            : found && found[2] === "fail" && id === "ENC-05"
              ? "pass"
              : undefined;
        const skipped = id === "AI-01" && !resource.urn.endsWith("object-store-weights");
        const state = earlier ?? found?.[2] ?? (skipped ? "notApplicable" : "pass");
        const inputs = before && id === "NET-08" ? "before" : "";
        return {
          rule: id,
          urn: resource.urn,
          type: resource.type,
          state,
          message:
            state === "pass"
              ? title
              : skipped
                ? "the bucket holds no weights"
                : (found?.[3] ?? "the key does not rotate"),
          ...(found?.[4] && state !== "pass" && { path: found[4] }),
          inputsSha256: sha256(`${id} ${resource.urn} ${inputs}`),
          ...(state === "waived" && { waiver: WAIVED.id }),
        };
      }),
  );
}

function ledger(stack: string, resources: readonly EvidenceResource[], before: boolean): VerdictLedger {
  const writer = new LedgerWriter(rules, { version: "0.1.0", sha256: sha256("pack") }, "analysis");
  const mine = resources.filter(({ urn }) => urn.startsWith(`urn:pulumi:${stack}::`));
  for (const { urn, type } of mine) {
    writer.see({ urn, type, name: urn.split("::").at(-1)!, props: {}, protect: false, provider: {} });
  }
  for (const verdict of judge(mine, before)) writer.add(verdict);
  writer.complete = true;
  const minute = before ? "2026-01-14T09:00" : "2026-01-15T09:00";
  return { ...writer.ledger(), startedAt: `${minute}:05.000Z`, finishedAt: `${minute}:21.000Z` };
}

function copies(resources: readonly EvidenceResource[], number: number): EvidenceResource[] {
  return Array.from({ length: number }, (_, copy) =>
    resources.map((resource) => ({ ...resource, urn: copy === 0 ? resource.urn : `${resource.urn}-${copy}` })),
  ).flat();
}

/**
 * Evidence of an environment that does not exist, with every state, every fate of a waiver and a run before this one.
 *
 * @param times how often its resources stand in it: 1 gives about 170 verdicts.
 */
export function exampleInput(times = 1): EvidenceInput {
  const resources = copies(exampleResources(), times);
  const earlier = resources.filter(({ urn }) => !urn.endsWith("registry-mlflow-set"));
  return {
    generatedAt: "2026-01-15T09:00:30.000Z",
    environment: "example",
    footprint: "private-cloud",
    engine: { version: "3.274.1", origin: "built" },
    outcome: "not-released",
    ledgers: [FOUNDATION, PLATFORM].map((stack) => ledger(stack, resources, false)),
    zones: [
      { name: "gateway", purpose: "The one door", dataClass: "transcripts" },
      { name: "serving", purpose: "Model servers", dataClass: "transcripts" },
      { name: "models", purpose: "The model registry", dataClass: "weights" },
      { name: "audit", purpose: "The append-only record", dataClass: "audit" },
      { name: "observability", purpose: "Metrics and alerts", dataClass: "audit" },
    ],
    flows: [
      { from: "clients", to: "gateway", port: 8443, tls: "mutual", why: "Applications ask models" },
      { from: "gateway", to: "serving", port: 8000, tls: "mutual", why: "The door passes requests on" },
      { from: "gateway", to: "audit", port: 4317, tls: "mutual", why: "Every request is recorded first" },
      { from: "observability", to: "gateway", port: 9902, tls: "mutual", why: "Metrics are read" },
      { from: "models", to: "object-store", port: 443, tls: "server", why: "Weights are stored" },
      { from: "audit", to: "object-store", port: 443, tls: "server", why: "Segments are locked" },
      { from: "every zone", to: "dns", port: 53, tls: "none", why: "Pods find each other by name" },
    ],
    parts: [
      { name: "engine", fidelity: "real", detail: "Pulumi 3.274.1, built" },
      { name: "provider aws", fidelity: "stand-in", detail: "stand-in, version 7.48.0" },
      { name: "images and weights", fidelity: "placeholder", detail: "Tiny images in a real registry" },
      { name: "nodes and pods", fidelity: "not run", detail: "Pods are scheduled, not run" },
    ],
    resources,
    proofs: [
      { promise: 2, kind: "live", what: "handshakes at the door", held: true, at: "2026-01-12T08:00:00Z" },
      { promise: 12, kind: "live", what: "a rolling restart under load", held: false, at: "2026-01-12T08:20:00Z" },
      {
        promise: 2,
        kind: "kit",
        what: "the door refuses seven wrong certificates",
        held: true,
        at: "2026-01-10T02:00:00Z",
      },
    ],
    plan: { sha256: sha256("plan") },
    ungated: [
      {
        stack: PLATFORM,
        why: "an update has no verdict of the gate",
        judgedAt: "2026-01-13T07:30:00.000Z",
        released: true,
        updates: [{ kind: "update", startedAt: "2026-01-13T06:58:00.000Z", changes: { update: 1, same: 14 } }],
        resources: ["changed platform-gateway-door-envoy-deployment"],
      },
    ],
    waivers: exampleWaivers(resources),
    frameworks: ["gdpr", "hipaa", "pci-dss", "nist-800-53"],
    previous: {
      generatedAt: "2026-01-14T09:00:30.000Z",
      ledgers: [FOUNDATION, PLATFORM].map((stack) => ledger(stack, earlier, true)),
    },
  };
}

export const everyRule: readonly string[] = catalogue.map(({ id }) => id);
