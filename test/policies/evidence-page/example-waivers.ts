import { createHash } from "node:crypto";
import type { EvidenceResource } from "../../../policies/evidence/evidence";
import type { JudgedWaiver, WaiverState } from "../../../policies/waivers/waiver";

/** The finding whose waiver is honoured. */
export const WAIVED = { id: "W-7", rule: "ENC-10", name: "guardrails-trail-log" } as const;

/** Id, state, rule, end of the resource's name, days left, what became of it. */
const fates: readonly (readonly [string, WaiverState, string, string, number, string])[] = [
  [WAIVED.id, "active", WAIVED.rule, WAIVED.name, 34, "It is honoured: the check fails and is shown as waived."],
  ["W-3", "expired", "AUD-05", "network-flow-log", -4, "It ended four days ago: the finding counts again."],
  ["W-4", "changed-inputs", "ENC-05", "keys-state", 12, "The rule reads other values than those it was agreed for."],
  ["W-5", "unused", "AVL-04", "cluster-control-plane", 20, "What it waives did not fail: take it away."],
  ["W-6", "refused", "IMM-01", "object-store-audit", 60, "IMM-01 cannot be waived."],
  ["W-8", "malformed", "NET-11", "door-envoy-deployment", 41, "owner and approver are the same person."],
];

/** One waiver in each state. */
export function exampleWaivers(resources: readonly EvidenceResource[]): JudgedWaiver[] {
  return fates.map(([id, state, policy, name, daysLeft, message]) => {
    const expires = new Date(Date.UTC(2026, 0, 15) + daysLeft * 86_400_000).toISOString().slice(0, 10);
    const created = new Date(Date.UTC(2026, 0, 15) + (daysLeft - 75) * 86_400_000).toISOString().slice(0, 10);
    const urn = resources.find((resource) => resource.urn.endsWith(name))?.urn ?? name;
    return {
      state,
      daysLeft,
      message,
      waiver: {
        id,
        policy,
        urn,
        reason: "The region's log service takes our key from February on; until then it holds no personal data.",
        owner: "storage@example.org",
        approver: state === "malformed" ? "storage@example.org" : "ciso@example.org",
        ticket: `SEC-1${id.slice(2)}0`,
        created,
        expires,
        compensating: "The log group takes metadata only, and nobody outside the audit team reads it.",
        inputsSha256: createHash("sha256").update(`${policy} ${urn} `).digest("hex"),
      },
    };
  });
}
