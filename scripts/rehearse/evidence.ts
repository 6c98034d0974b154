import { mkdirSync, writeFileSync } from "node:fs";
import { flowEndName, flows, type FlowEnd } from "../../components/flows";
import { standingZones, zones } from "../../components/zones";
import type { EvidenceFlow, EvidenceInput, EvidencePart } from "../../policies/evidence/evidence";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import { oscal as oscalDocument } from "../../policies/evidence/oscal";
import { evidencePage } from "../../policies/evidence/page";
import { sarif as sarifDocument } from "../../policies/evidence/sarif";
import type { Environment } from "../../stacks/environment";
import type { Step } from "../engine/engine-events";
import { ungatedUpdates } from "../up/verdict/answer-ungated";
import type { RehearsalFiles } from "./rehearsal-files";
import { lockProofLine } from "./prove-lock";
import { stands, type FidelityCounts, type RehearsalSummary } from "./summary";

export interface EvidenceArgs {
  readonly environment: Environment;
  readonly files: RehearsalFiles;
  readonly summary: RehearsalSummary;
  readonly ledgers: readonly VerdictLedger[];
  /** Absent where the run ended before one was needed. */
  readonly controlPlane: ControlPlane | undefined;
  readonly steps: readonly Step[];
  readonly fidelity: FidelityCounts;
}

/** Writes the page that a reviewer opens, and its twins for machines. */
export function writeEvidence(args: EvidenceArgs): void {
  const input = evidenceInput(args);
  const { html, sarif, oscal } = args.summary.evidence;
  mkdirSync(args.files.evidence, { recursive: true });
  writeFileSync(html, evidencePage(input));
  writeFileSync(sarif, sarifDocument(input));
  writeFileSync(oscal, oscalDocument(input));
}

function evidenceInput(args: EvidenceArgs): EvidenceInput {
  const { environment, summary, ledgers, steps } = args;
  return {
    generatedAt: new Date().toISOString(),
    environment: environment.name,
    footprint: environment.footprint.kind,
    engine: summary.engine,
    outcome: summary.outcome,
    ledgers,
    waivers: summary.waivers,
    ungated: ungatedUpdates(args.files.directory),
    zones: standingZones.map((name) => ({ name, purpose: zones[name].purpose, dataClass: zones[name].dataClass })),
    flows: evidenceFlows(),
    parts: parts(args),
    resources: steps.filter(stands).map(({ urn, type, namespace }) => ({ urn, type, zone: namespace })),
  };
}

/** The picture draws zones, not applications. */
const endName = (end: FlowEnd): string => ("zone" in end ? end.zone : flowEndName(end));

/** The flow table as the page draws it. */
export const evidenceFlows = (): EvidenceFlow[] =>
  flows.map(({ from, to, port, tls, why }) => ({
    from: endName(from),
    to: endName(to),
    port,
    tls: typeof tls === "string" ? tls : "none",
    why,
  }));

function parts({ summary, controlPlane, environment, fidelity }: EvidenceArgs): EvidencePart[] {
  const { engine, plugins } = summary;
  const computed = fidelity.computed.length;
  return [
    { name: "engine", fidelity: "real", detail: `Pulumi ${engine.version}, ${engine.origin}` },
    {
      name: "language host",
      fidelity: engine.languageHost === "official" ? "real" : "stand-in",
      detail: engine.languageHost,
    },
    {
      name: "control plane",
      fidelity: controlPlane === undefined ? "not run" : "real",
      detail:
        controlPlane === undefined
          ? "The run ended before it was needed"
          : `Kubernetes ${controlPlane.version} with etcd, on loopback`,
    },
    ...plugins.map((plugin): EvidencePart => ({
      name: `provider ${plugin.name}`,
      fidelity: plugin.origin === "official" ? "real" : "stand-in",
      detail: `${plugin.origin}, version ${plugin.version}`,
    })),
    ...(fidelity.moto.length === 0
      ? []
      : [
          {
            name: "AWS types at moto",
            fidelity: "stand-in",
            detail: `${fidelity.moto.length} types, ${fidelity.resources.moto} resources, were judged by AWS's own models and sent to moto: ${fidelity.moto.join(", ")}`,
          } as const,
        ]),
    ...(fidelity.model.length === 0
      ? []
      : [
          {
            name: "AWS types by their model",
            fidelity: "stand-in",
            detail: `${fidelity.model.length} types were judged by AWS's own models and sent to nobody: ${fidelity.model.join(", ")}`,
          } as const,
        ]),
    ...(computed === 0
      ? []
      : [
          {
            name: "computed types",
            fidelity: "stand-in",
            detail: `${computed} types were checked and computed, no request was made: ${fidelity.computed.join(", ")}`,
          } as const,
        ]),
    {
      name: "object store",
      fidelity: environment.footprint.kind === "private-cloud" ? "not run" : "real",
      detail:
        environment.footprint.kind === "private-cloud"
          ? "S3 is AWS's own; its types are sent to moto, where this machine has it, or computed"
          : "versitygw with versions and object lock, on loopback without TLS, in the place of the environment's store",
    },
    ...summary.locks.map((proof): EvidencePart => ({
      name: "object lock",
      fidelity: "real",
      detail: `Tried by the store's own administrator: ${lockProofLine(proof)}`,
    })),
    {
      name: "images and weights",
      fidelity: "placeholder",
      detail: "Tiny images in a real registry, pinned by real digests",
    },
    { name: "nodes and pods", fidelity: "not run", detail: "kwok plays the nodes: pods are scheduled, not run" },
    {
      name: "network policies",
      fidelity: "not run",
      detail: "Applied and judged; no network plugin enforces them here",
    },
  ];
}
