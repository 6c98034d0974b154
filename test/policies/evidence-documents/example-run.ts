import type { EvidenceInput } from "../../../policies/evidence/evidence";
import { LedgerWriter, type VerdictLedger } from "../../../policies/evidence/ledger";
import { inputsSha256, type PlannedResource } from "../../../policies/evidence/plan-document";
import type { State, Verdict } from "../../../policies/rule";
import { rules } from "../../../policies/rules";
import { waiversOf } from "../../../policies/waivers/judge-waivers";
import type { Waiver } from "../../../policies/waivers/waiver";

const stack = "example-platform";
const type = "kubernetes:apps/v1:Deployment";
export const urnOf = (name: string): string =>
  `urn:pulumi:${stack}::cloister::cloister:index:Platform$cloister:index:Workload$${type}::${name}`;

const verdict = (rule: string, name: string, state: State, more: Partial<Verdict> = {}): Verdict => ({
  rule,
  urn: urnOf(name),
  type,
  state,
  message: `found of ${name}`,
  path: "spec.template",
  inputsSha256: inputsSha256(type, { name }),
  ...more,
});

const waiver = (id: string, name: string, more: Partial<Waiver> = {}): Waiver => ({
  id,
  policy: "NET-12",
  urn: urnOf(name),
  reason: "The pods are replaced in the next release; nothing outside reaches them until then.",
  owner: "owner@example.com",
  approver: "approver@example.com",
  ticket: "SEC-12",
  created: "2026-01-01",
  expires: "2026-03-31",
  compensating: "The zone's network policy lets nothing in",
  inputsSha256: inputsSha256(type, { name }),
  ...more,
});

/** A text that is HTML, a formula, several lines and a cell of its own. */
export const hostile = `=cmd("|' /C calc'!A0"),\r\n</script><b>"quoted"</b> — ü`;

/** A stack's ledger with all six states, waivers that count and one that does not. */
export function exampleLedger(day: string): VerdictLedger {
  const writer = new LedgerWriter(rules, { version: "0.1.0", sha256: "ab".repeat(32) }, "preview");
  writer.settings = {
    registry: "registry.example.com",
    waivers: {
      file: "stacks/example/waivers.yaml",
      sha256: "cd".repeat(32),
      approvers: ["approver@example.com"],
      malformed: [],
      entries: [waiver("W-1", "waived"), waiver("W-2", "failed", { created: "2025-12-01", expires: "2025-12-31" })],
    },
  };
  for (const name of ["passed", "failed", "waived", "open", "other"]) {
    writer.see({ urn: urnOf(name), type, name, props: {}, protect: false, provider: {} });
  }
  writer.add(verdict("SUP-01", "passed", "pass"));
  writer.add(verdict("SUP-01", "failed", "fail", { message: hostile }));
  writer.add(verdict("NET-12", "waived", "fail"));
  writer.add(verdict("NET-12", "failed", "fail"));
  writer.add(verdict("NET-11", "open", "open"));
  writer.add(verdict("SUP-02", "passed", "pass"));
  writer.add(verdict("AI-04", "other", "notApplicable"));
  // Judged on the day of the run, whatever day the test is run on.
  Object.assign(writer, { startedAt: `${day}T08:59:00.000Z` });
  writer.complete = true;
  return { ...writer.ledger(), finishedAt: `${day}T08:59:58.000Z` };
}

export const examplePlan: readonly PlannedResource[] = ["passed", "failed", "waived", "open", "other"].map((name) => ({
  urn: urnOf(name),
  type,
  inputsSha256: inputsSha256(type, { name }),
}));

/** @param day when it ran, such as `2026-02-01`. */
export function exampleInput(day: string, more: Partial<EvidenceInput> = {}): EvidenceInput {
  const ledgers = [exampleLedger(day)];
  return {
    generatedAt: `${day}T09:00:00.000Z`,
    environment: "example",
    footprint: "on-prem",
    engine: { version: "3.274.1", origin: "built" },
    outcome: "stopped",
    plan: { sha256: "ef".repeat(32) },
    ledgers,
    waivers: waiversOf(ledgers),
    frameworks: ["hipaa", "nist-800-53"],
    ungated: [
      {
        stack,
        why: "an update without the pack",
        judgedAt: "2026-01-20T10:00:00.000Z",
        released: false,
        updates: [{ kind: "update", startedAt: "2026-01-20T09:00:00.000Z", changes: { update: 1 } }],
        resources: ["changed other"],
      },
    ],
    zones: [{ name: "gateway", purpose: "the one door", dataClass: "transcripts" }],
    flows: [{ from: "clients", to: "gateway", port: 8443, tls: "mutual", why: "the one door" }],
    parts: [{ name: "pods", fidelity: "not run", detail: "scheduled, not run" }],
    resources: examplePlan.map(({ urn, type: token }) => ({ urn, type: token, zone: "gateway" })),
    ...more,
  };
}
