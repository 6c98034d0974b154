import { mkdirSync, readdirSync, readFileSync, rmSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceInput } from "../../policies/evidence/evidence";
import { contentSha256 } from "../../policies/evidence/oscal-parts";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import type { EvidenceRun } from "./evidence-run";

/** As many runs that found something else are kept; what is older is in the evidence that was handed on. */
const kept = 10;

interface Kept {
  readonly path: string;
  readonly run: EvidenceRun;
  readonly content: string;
}

/**
 * What the last runs of an environment found. Runs over the same plan that found the same are one: the evidence of the second
 * says the same, and compares itself with the same run before.
 */
export class RunRecords {
  private readonly folder: string;

  /** @param directory where the environment's runs keep their files. */
  public constructor(directory: string) {
    this.folder = join(directory, "evidence-runs");
  }

  /** Keeps a run, in the place of the last one where that found the same. */
  public keep(run: EvidenceRun): void {
    const runs = this.read();
    const last = runs.at(-1);
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const name = `${run.input.generatedAt.replaceAll(/[:.]/g, "-")}.json`;
    writePrivateFile(join(this.folder, name), `${JSON.stringify(run)}\n`);
    const same = last !== undefined && last.content === contentSha256(run.input) && !last.path.endsWith(name);
    for (const { path } of [...(same ? [last] : []), ...runs.slice(0, Math.max(0, runs.length + 1 - kept))]) {
      rmSync(path, { force: true });
    }
  }

  /** The last run, with the one before it that found something else; undefined where there was none. */
  public latest(): { readonly run: EvidenceRun; readonly previous: EvidenceInput["previous"] } | undefined {
    const runs = this.read();
    const last = runs.at(-1);
    if (last === undefined) return undefined;
    const before = runs.findLast(({ content }) => content !== last.content)?.run.input;
    return {
      run: last.run,
      previous: before && { generatedAt: before.generatedAt, ledgers: before.ledgers },
    };
  }

  /** The oldest first. */
  private read(): Kept[] {
    if (!existsSync(this.folder)) return [];
    const names = readdirSync(this.folder).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => {
      const path = join(this.folder, name);
      const run = JSON.parse(readFileSync(path, "utf8")) as EvidenceRun;
      return { path, run, content: contentSha256(run.input) };
    });
  }
}
