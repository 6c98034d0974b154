import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { catalogue } from "../catalogue";
import { unmetExpectations } from "../expectations";
import { matches, type Rule, type Subject, type Verdict } from "../rule";
import type { Settings } from "../settings";
import { judgeWaivers, withWaivers } from "../waivers/judge-waivers";
import type { JudgedWaiver } from "../waivers/waiver";

export type Phase = "preview" | "update" | "analysis" | "unstated";

/** Which resources a run saw, so that nobody takes silence for a pass. */
export interface Population {
  /** Resources a provider makes; components and providers are not among them. */
  readonly resources: number;
  readonly components: number;
  /** Resources at least one rule passed, failed or left open. */
  readonly evaluated: number;
  /** URNs of resources whose content the pack cannot see: what they make is judged by no rule. */
  readonly opaque: readonly string[];
  /** Types no implemented rule looks at. */
  readonly unmappedTypes: readonly string[];
}

/** What one process of the pack found: the content of one file in the verdicts directory. */
export interface VerdictLedger {
  readonly formatVersion: 1;
  readonly packVersion: string;
  /** SHA-256 over the names and contents of the pack's files. */
  readonly packSha256: string;
  readonly settings: Settings;
  readonly project: string;
  readonly stack: string;
  /** Given by who started the engine; `unstated` when nobody said. In `pulumi up` both runs carry the same phase. */
  readonly phase: Phase;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** False when the run ended before the stack rules: it judged only part of the stack. */
  readonly complete: boolean;
  readonly verdicts: readonly Verdict[];
  /** Every waiver that this stack has to answer for, and what became of it. See `waiversOf` for those of an environment. */
  readonly waivers: readonly JudgedWaiver[];
  readonly population: Population;
}

const opaqueTypes = [
  "kubernetes:helm.sh/*:Release",
  "kubernetes:*List",
  "kubernetes:*Patch",
  "aws:cloudformation/*",
  "command:*",
  "pulumi-nodejs:dynamic:Resource",
];

/** Gathers the verdicts of one process. The engine's own summary tells neither what passed nor what did not apply. */
export class LedgerWriter {
  readonly startedAt = new Date().toISOString();
  complete = false;
  settings: Settings = {};
  private readonly subjects = new Map<string, { type: string; made: boolean }>();
  /** Before any waiver. */
  private readonly verdicts = new Map<string, Verdict>();

  constructor(
    private readonly rules: readonly Rule[],
    private readonly pack: { readonly version: string; readonly sha256: string },
    private readonly phase: Phase,
  ) {}

  see(subject: Subject): void {
    const system = subject.type.startsWith("pulumi:");
    this.subjects.set(subject.urn, { type: subject.type, made: !system && subject.provider !== undefined });
  }

  /** @returns the verdict as the environment's waivers leave it. */
  add(verdict: Verdict): Verdict {
    this.verdicts.set(`${verdict.rule} ${verdict.urn}`, verdict);
    return this.waived(verdict);
  }

  opens(): readonly Verdict[] {
    return this.judged().filter((verdict) => verdict.state === "open");
  }

  waivers(): readonly JudgedWaiver[] {
    const run = { stack: this.names().stack, today: this.today, complete: this.complete };
    return judgeWaivers(this.settings.waivers, [...this.verdicts.values()], run);
  }

  ledger(): VerdictLedger {
    const judged = this.judged();
    const { stack, project } = this.names();
    return {
      formatVersion: 1,
      packVersion: this.pack.version,
      packSha256: this.pack.sha256,
      settings: this.settings,
      project,
      stack,
      phase: this.phase,
      startedAt: this.startedAt,
      finishedAt: new Date().toISOString(),
      complete: this.complete,
      verdicts: [...judged, ...this.absences(judged), ...this.rulesWithoutVerdict(judged)].sort(byRuleAndResource),
      waivers: this.waivers(),
      population: this.population(judged),
    };
  }

  /** What the stack should have and has not, as far as the run saw all of it. */
  absences(judged: readonly Verdict[] = this.judged()): readonly Verdict[] {
    return this.complete ? unmetExpectations(this.settings, this.names(), judged) : [];
  }

  /** Days are UTC's, everywhere the same. */
  private get today(): string {
    return this.startedAt.slice(0, 10);
  }

  private waived(verdict: Verdict): Verdict {
    return withWaivers(verdict, this.settings.waivers, this.today);
  }

  private judged(): Verdict[] {
    return [...this.verdicts.values()].map((verdict) => this.waived(verdict));
  }

  private names(): { readonly stack: string; readonly project: string } {
    const [, stack = "", project = ""] =
      /^urn:pulumi:([^:]*)::([^:]*)::/.exec([...this.subjects.keys()][0] ?? "") ?? [];
    return { stack, project };
  }

  /** Writes the ledger into a directory, whole or not at all: a reader never meets half a file. */
  save(directory: string): void {
    mkdirSync(directory, { recursive: true });
    const name = `${this.startedAt.replaceAll(/[:.]/g, "-")}-${process.pid}.json`;
    const draft = join(directory, `.${name}.draft`);
    writeFileSync(draft, `${JSON.stringify(this.ledger(), null, 1)}\n`, { mode: 0o600 });
    renameSync(draft, join(directory, name));
  }

  private rulesWithoutVerdict(judged: readonly Verdict[]): Verdict[] {
    const seen = [...this.subjects.values()];
    const whole = (rule: string, state: Verdict["state"], message: string): Verdict => ({
      rule,
      urn: "",
      type: "",
      state,
      message,
    });
    return catalogue.flatMap((entry): Verdict[] => {
      const rule = this.rules.find((candidate) => candidate.id === entry.id);
      if (!rule) return [whole(entry.id, "notEvaluated", "the rule is in the catalogue and not implemented yet")];
      const mine = judged.filter((verdict) => verdict.rule === rule.id);
      if (mine.length > 0) return [];
      const subjects = seen.filter((subject) => matches(rule.types, subject.type));
      if (!this.complete) return [whole(rule.id, "notEvaluated", "the run stopped before every resource was seen")];
      if (subjects.length > 0)
        return [whole(rule.id, "notEvaluated", "the engine did not run the rule: is it disabled?")];
      return [whole(rule.id, "notApplicable", `none of the stack's ${seen.length} resources is of its kinds`)];
    });
  }

  private population(judged: readonly Verdict[]): Population {
    const made = [...this.subjects].filter(([, subject]) => subject.made);
    const evaluated = new Set(
      judged.filter((verdict) => verdict.state !== "notApplicable").map((verdict) => verdict.urn),
    );
    const mapped = (type: string) => this.rules.some((rule) => matches(rule.types, type));
    return {
      resources: made.length,
      components: [...this.subjects.values()].filter(({ type, made }) => !made && !type.startsWith("pulumi:")).length,
      evaluated: made.filter(([urn]) => evaluated.has(urn)).length,
      opaque: made
        .filter(([, subject]) => matches(opaqueTypes, subject.type))
        .map(([urn]) => urn)
        .sort(),
      unmappedTypes: [...new Set(made.map(([, subject]) => subject.type).filter((type) => !mapped(type)))].sort(),
    };
  }
}

function byRuleAndResource(left: Verdict, right: Verdict): number {
  const [a, b] = [`${left.rule} ${left.urn}`, `${right.rule} ${right.urn}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** SHA-256 over the relative names and contents of every file of a pack, in the order of their names. */
export function packSha256(directory: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(directory, file).split(/[\\/]/).includes("node_modules"))
    .sort();
  for (const file of files) {
    hash.update(`${relative(directory, file).replaceAll("\\", "/")}\0`);
    hash.update(createHash("sha256").update(readFileSync(file)).digest());
  }
  return hash.digest("hex");
}

/** Reads every ledger of a directory, the oldest first. An absent directory holds none. */
export function readLedgers(directory: string): VerdictLedger[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as VerdictLedger)
    .sort((left, right) => (left.startedAt < right.startedAt ? -1 : left.startedAt > right.startedAt ? 1 : 0));
}

/** The last ledger of each stack. In `pulumi up` the first run judges the plan and the last one the update. */
export function latestLedgers(ledgers: readonly VerdictLedger[]): VerdictLedger[] {
  const last = new Map<string, VerdictLedger>();
  for (const ledger of ledgers) last.set(`${ledger.project}/${ledger.stack}`, ledger);
  return [...last.values()];
}
