import type { EvidencePart } from "../../policies/evidence/evidence";
import { evidenceFolder } from "./command";
import { evidenceRun, type EvidenceRunArgs } from "./evidence-run";
import { RunRecords } from "./run-records";
import type { SigningKey } from "./signing-key";
import { writeEvidenceSet, type EvidencePaths } from "./write-evidence-set";

export interface DeployedEvidenceArgs extends Omit<EvidenceRunArgs, "engine" | "parts"> {
  readonly engine: {
    readonly version: string;
    readonly origin: string;
    readonly languageHost: { readonly origin: string };
  };
  /** Where the runs of the environment keep their files. */
  readonly directory: string;
  /** Undefined in a preview, which needs none: then the run is only kept, for `cloister evidence` to sign. */
  readonly key?: SigningKey;
}

/** Keeps a run of a real environment and, where there is a key, writes its evidence. @returns where it lies. */
export function writeDeployedEvidence(args: DeployedEvidenceArgs): EvidencePaths | undefined {
  const { directory, key, engine, environment } = args;
  const run = evidenceRun({ ...args, engine, parts: parts(args) });
  if (key === undefined) {
    new RunRecords(directory).keep(run);
    return undefined;
  }
  return writeEvidenceSet({ directory, folder: evidenceFolder(environment.name), run, key });
}

/** Nothing stands in for anything outside a rehearsal, but for an engine or a language host that the kit had to bring. */
const parts = ({ engine, outcome }: DeployedEvidenceArgs): EvidencePart[] => [
  { name: "engine", fidelity: "real", detail: `Pulumi ${engine.version}, ${engine.origin}` },
  {
    name: "language host",
    fidelity: engine.languageHost.origin === "own" ? "stand-in" : "real",
    detail: engine.languageHost.origin === "own" ? "the kit's own, where Pulumi's is not installed" : "official",
  },
  {
    name: "cloud, cluster, registry and store",
    fidelity: outcome === "planned" ? "not run" : "real",
    detail: outcome === "planned" ? "A preview: nothing was made" : "The environment's own",
  },
];
