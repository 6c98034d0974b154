import type { JudgedWaiver } from "../waivers/waiver";
import type { VerdictLedger } from "./ledger";

/** All that a page of evidence is made of. The same input gives the same bytes: time is a part of it. */
export interface EvidenceInput {
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly environment: string;
  /** `private-cloud`, `colocation` or `on-prem`. */
  readonly footprint: string;
  readonly engine: { readonly version: string; readonly origin: string };
  /**
   * `released`: deployed, and analysed again with nothing critical left. `not-released`: deployed, and something
   * critical failed or stayed open. `stopped`: the gate stopped it before or while it was made. `planned`: a preview.
   */
  readonly outcome: "released" | "not-released" | "stopped" | "planned";
  /** What was planned, by its digest: see `planDocument`. Absent where the engine told of no resource. */
  readonly plan?: { readonly sha256: string };
  /** One per stack, the last of each: see `latestLedgers`. */
  readonly ledgers: readonly VerdictLedger[];
  readonly zones: readonly EvidenceZone[];
  readonly flows: readonly EvidenceFlow[];
  /** What ran for real and what stood in for something: engine, control plane, providers, images, pods. */
  readonly parts: readonly EvidencePart[];
  readonly resources: readonly EvidenceResource[];
  /** Proofs other than rules, such as a live handshake or a drill. Absent: none was made here. */
  readonly proofs?: readonly EvidenceProof[];
  /** Every waiver of the environment and what became of it. Absent: there is none. */
  readonly waivers?: readonly JudgedWaiver[];
  /** What was changed without the gate and judged afterwards, the oldest first. Absent: nothing was. */
  readonly ungated?: readonly UngatedUpdate[];
  /** Frameworks the environment is held to, by their keys. Absent: none was named, and all are shown. */
  readonly frameworks?: readonly string[];
  /** The run before this one, to say what changed since. Absent: this is the first. */
  readonly previous?: { readonly generatedAt: string; readonly ledgers: readonly VerdictLedger[] };
}

/** A stack that was updated, or whose state was edited, without the gate; what stood was judged afterwards. */
export interface UngatedUpdate {
  readonly stack: string;
  /** What is known of it, in a sentence. */
  readonly why: string;
  /** ISO 8601, UTC. */
  readonly judgedAt: string;
  readonly released: boolean;
  /** What the backend's history tells, the newest first; empty where the state itself was edited. */
  readonly updates: readonly {
    readonly kind: string;
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    /** Resources by operation. */
    readonly changes: Readonly<Record<string, number>>;
  }[];
  /** Resources that were not as the gate left them, as `changed <name>`; empty where that was not known. */
  readonly resources: readonly string[];
}

export interface EvidenceZone {
  readonly name: string;
  readonly purpose: string;
  readonly dataClass?: string;
}

export interface EvidenceFlow {
  /** A zone's name, `every zone`, or the name of something outside the zones. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly tls: "mutual" | "server" | "none";
  readonly why: string;
}

export interface EvidencePart {
  readonly name: string;
  readonly fidelity: "real" | "stand-in" | "placeholder" | "not run";
  /** What it is, in a sentence: version and origin for a provider, "scheduled, not run" for pods. */
  readonly detail: string;
}

export interface EvidenceResource {
  readonly urn: string;
  readonly type: string;
  /** Absent for what stands outside the zones. */
  readonly zone?: string;
}

export interface EvidenceProof {
  /** Number of the promise it bears on, 1 to 12. */
  readonly promise: number;
  /** `live`: a drill in this environment. `kit`: a test of the kit. */
  readonly kind: "live" | "kit";
  readonly what: string;
  readonly held: boolean;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What no rule over declared resources can show. Printed on every page. */
export const beyondCode: readonly string[] = [
  "That people were trained, that contracts and data-processing agreements were signed, and that somebody reads the alerts.",
  "That the building, the cage and the hardware are guarded, and that disks are destroyed when they leave.",
  "That the cloud, the processor and the GPU firmware do what their makers say.",
  "That what runs is what was declared, after the moment it was analysed: drift is seen at the next refresh, not before.",
  "That network policies are enforced by the cluster's network plugin: the rules read what was applied, not packets.",
  "That a control is satisfied. Rules support controls; an assessor decides.",
];
