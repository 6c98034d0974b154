import type { EvidencePart } from "../../policies/evidence/evidence";
import type { ControlPlane } from "../../rehearsal/control-plane/control-plane";
import type { VerdictLedger } from "../../policies/evidence/ledger";
import type { Environment } from "../../stacks/environment";
import type { Step } from "../engine/engine-events";
import { evidenceRun } from "../evidence/evidence-run";
import { rehearsalSigningKey } from "../evidence/signing-key";
import { writeEvidenceSet } from "../evidence/write-evidence-set";
import { ungatedUpdates } from "../up/verdict/answer-ungated";
import type { RehearsalFiles } from "./rehearsal-files";
import { lockProofLine } from "./prove-lock";
import type { FidelityCounts, RehearsalSummary } from "./summary";

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

/** Writes the set of evidence that an `up` would write, signed with the rehearsal's own key. */
export function writeEvidence(args: EvidenceArgs): void {
  const { environment, files, summary, ledgers, steps } = args;
  const { outcome, engine } = summary;
  const ungated = ungatedUpdates(files.directory);
  const run = evidenceRun({ environment, outcome, engine, ledgers, steps, ungated, parts: parts(args) });
  const key = rehearsalSigningKey(files.directory);
  writeEvidenceSet({ directory: files.directory, folder: files.evidence, run, key });
}

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
