import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readLedgers, type VerdictLedger } from "./evidence/ledger";
import { verdictsOf } from "./evidence/summary";
import type { Verdict } from "./rule";
import type { Settings } from "./settings";

export interface AnalyzeOptions {
  /** Path of the `pulumi` command. */
  readonly engine: string;
  /** The whole environment the engine runs in: nothing is taken from this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the project's Pulumi.yaml is. */
  readonly projectDirectory: string;
  readonly stack: string;
  /** Default: this directory. */
  readonly packDirectory?: string;
  readonly settings: Settings;
  /** Directory the ledger is written to, and kept. */
  readonly verdictsDirectory: string;
}

export interface Analysis {
  /** What the pack found in the deployed state; undefined when the stack has no resources. */
  readonly ledger: VerdictLedger | undefined;
  readonly verdicts: readonly Verdict[];
  readonly criticalFails: readonly Verdict[];
  readonly criticalOpens: readonly Verdict[];
  /**
   * A critical failure, a critical value that is still not known once everything exists, or a stack in which no rule judged
   * anything keeps a stack back.
   */
  readonly exit: "released" | "not-released";
  /** Why it is not released, each in a sentence. */
  readonly reasons: readonly string[];
  /** The engine's events, one JSON object a line, for the evidence. */
  readonly events: string;
}

/**
 * Judges the deployed state of a stack again, without running the program or calling a provider.
 *
 * @throws Error when the engine could not analyse at all (no such stack, the pack does not start): then nothing is
 *   known, and the stack must not be called released.
 */
export async function analyzeDeployed(options: AnalyzeOptions): Promise<Analysis> {
  const scratch = await mkdtemp(join(tmpdir(), "cloister-analysis-"));
  try {
    const configuration = join(scratch, "settings.json");
    await writeFile(configuration, packConfiguration(options.settings), { mode: 0o600 });
    const pack = resolve(options.packDirectory ?? __dirname);
    const flags = ["--stack", options.stack, "--policy-pack", pack, "--policy-pack-config", configuration];
    const before = new Set(readLedgers(options.verdictsDirectory).map(identity));
    const { code, output, errors } = await run(options, ["policy", "analyze", "--json", "--non-interactive", ...flags]);
    const ledger = readLedgers(options.verdictsDirectory)
      // Another stack may be analysed at the same time.
      .filter((candidate) => candidate.phase === "analysis" && candidate.stack === options.stack.split("/").at(-1))
      .filter((candidate) => !before.has(identity(candidate)))
      .at(-1);
    const empty = /has no resources; nothing to analyze/.test(errors);
    if (!ledger?.complete && !empty) {
      throw new Error(
        `the stack ${options.stack} could not be analysed (exit ${String(code)}): ${errors.trim() || output}`,
      );
    }
    const ledgers = ledger ? [ledger] : [];
    const criticalFails = verdictsOf(ledgers, "critical", "fail");
    const criticalOpens = verdictsOf(ledgers, "critical", "open");
    const reasons = [
      ...criticalFails.map((verdict) => `${where(verdict)} fails: ${verdict.message}`),
      ...criticalOpens.map((verdict) => `${where(verdict)} is not known: ${verdict.message}`),
      // Nothing can be wrong with nothing: that is no judgement.
      ...(ledger && ledger.population.evaluated > 0 ? [] : ["no rule judged any resource of the stack"]),
    ];
    return {
      ledger,
      verdicts: ledger?.verdicts ?? [],
      criticalFails,
      criticalOpens,
      exit: reasons.length > 0 ? "not-released" : "released",
      reasons,
      events: output,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The content of the file given to the engine as `--policy-pack-config`. */
export function packConfiguration(settings: Settings): string {
  return `${JSON.stringify({ settings }, null, 2)}\n`;
}

const where = ({ rule, urn }: Verdict) => `${rule} ${urn.split("::").at(-1) ?? ""}`;

const identity = (ledger: VerdictLedger) => `${ledger.project}/${ledger.stack} ${ledger.startedAt}`;

function run(
  options: AnalyzeOptions,
  args: readonly string[],
): Promise<{ code: number | null; output: string; errors: string }> {
  return new Promise((done, fail) => {
    const child = spawn(options.engine, args, {
      cwd: options.projectDirectory,
      env: {
        ...options.environment,
        CLOISTER_VERDICTS_DIR: resolve(options.verdictsDirectory),
        CLOISTER_VERDICTS_PHASE: "analysis",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", fail);
    child.on("close", (code) =>
      done({ code, output: Buffer.concat(output).toString("utf8"), errors: Buffer.concat(errors).toString("utf8") }),
    );
  });
}
