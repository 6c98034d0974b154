import { examine } from "../../policies/examination";
import { unmetExpectations } from "../../policies/expectations";
import { guardedSubject } from "../../policies/judge";
import type { CapturedPlan } from "../../policies/plan-capture";
import { matches, type Context, type Rule, type Subject, type Verdict } from "../../policies/rule";
import { rules as allRules } from "../../policies/rules";
import type { Settings } from "../../policies/settings";
import type { Mutant } from "./mutant";

/** What became of a mutant: caught by a rule that stops, by one that only advises, or by none. */
export interface Fate {
  readonly by: "stopping rule" | "advising rule" | "nobody";
  readonly rule?: string;
}

const keyOf = ({ rule, urn }: Pick<Verdict, "rule" | "urn">): string => `${rule} ${urn}`;
const project = "cloister";

/** A rule that a value of another kind makes stumble: the engine stops at that too. */
interface Stumble {
  readonly rule: string;
  readonly error: unknown;
}

function attempt(rule: Rule, subject: Subject, context: Context): Verdict | Stumble {
  try {
    return examine(rule, subject, context);
  } catch (error) {
    return { rule: rule.id, error };
  }
}

/** Judges a plan once, and then what changes when one resource of it is broken. */
export class PlanJudge {
  private readonly inputs: ReadonlyMap<string, Subject>;
  private readonly outputs: ReadonlyMap<string, Subject>;
  /** What the engine would hand to rules, noted when it is read. */
  private readonly watched: readonly Subject[];
  private readonly base = new Map<string, Verdict>();
  /** Who looked at a resource, by its URN: rule and judged resource. */
  private readonly readers = new Map<string, [Rule, Subject][]>();
  private reading = new Set<string>();

  public constructor(
    private readonly plan: CapturedPlan,
    private readonly settings: Settings,
    private readonly rules: readonly Rule[] = allRules,
  ) {
    this.inputs = new Map(plan.inputs.map((subject) => [subject.urn, subject]));
    this.outputs = new Map(plan.outputs.map((subject) => [subject.urn, subject]));
    this.watched = plan.outputs.map((subject) => this.watch(guardedSubject(subject)));
    for (const rule of rules) this.judgeAll(rule);
  }

  /** What the unbroken plan fails by, or leaves open though it is critical. */
  public faults(): Verdict[] {
    return [...this.base.values()].filter(({ state }) => state === "fail");
  }

  /** Breaks one thing, and says who notices. */
  public fate(mutant: Mutant): Fate {
    const fresh = this.verdictsOn(mutant);
    let advised: string | undefined;
    const changed: Verdict[] = [];
    for (const verdict of fresh) {
      if ("error" in verdict) return { by: "stopping rule", rule: verdict.rule };
      changed.push(verdict);
      const rule = this.rules.find(({ id }) => id === verdict.rule)!;
      const before = this.base.get(keyOf(verdict))?.state;
      const worse = verdict.state === "fail" || (verdict.state === "open" && rule.severity === "critical");
      if (!worse || before === verdict.state || before === "fail") continue;
      if (rule.severity === "critical" || rule.severity === "high") return { by: "stopping rule", rule: rule.id };
      advised ??= rule.id;
    }
    const unmet = this.unmet(mutant, changed);
    if (unmet !== undefined) return { by: "stopping rule", rule: unmet };
    return advised === undefined ? { by: "nobody" } : { by: "advising rule", rule: advised };
  }

  private unmet(mutant: Mutant, changed: readonly Verdict[]): string | undefined {
    const verdicts = new Map([...this.base].filter(([, { urn }]) => urn !== mutant.urn));
    for (const verdict of changed) verdicts.set(keyOf(verdict), verdict);
    return unmetExpectations(this.settings, { project, stack: this.plan.stack }, [...verdicts.values()])[0]?.rule;
  }

  private *verdictsOn(mutant: Mutant): Generator<Verdict | Stumble> {
    const { urn } = mutant;
    const input = mutant.break(this.inputs.get(urn));
    const known = this.outputs.get(urn);
    const output = known === undefined && this.inputs.has(urn) ? undefined : mutant.break(known);
    const followers = this.followers(mutant, input);
    for (const rule of this.rules) {
      if (rule.scope !== "resource") continue;
      for (const subject of [input, ...followers]) {
        if (subject === undefined || !matches(rule.types, subject.type)) continue;
        yield attempt(rule, guardedSubject(subject), { settings: this.settings, resources: [] });
      }
    }
    yield* this.stackVerdicts(mutant, output);
  }

  /** Resources made with a provider that was broken: they see its properties. */
  private followers({ type, urn }: Mutant, broken: Subject | undefined): Subject[] {
    if (!type.startsWith("pulumi:providers:") || broken === undefined) return [];
    const before = JSON.stringify(this.inputs.get(urn)?.props);
    return [...this.inputs.values()]
      .filter(({ provider }) => provider !== undefined && JSON.stringify(provider) === before)
      .map((subject) => ({ ...subject, provider: broken.props as unknown }));
  }

  private *stackVerdicts({ urn, kind }: Mutant, output: Subject | undefined): Generator<Verdict | Stumble> {
    const broken = output && guardedSubject(output);
    const others = this.watched.filter((subject) => subject.urn !== urn);
    const place = this.watched.findIndex((subject) => subject.urn === urn);
    const resources = broken ? others.toSpliced(place < 0 ? others.length : place, 0, broken) : others;
    const context = { settings: this.settings, resources };
    for (const rule of this.rules) {
      if (rule.scope === "stack" && broken && matches(rule.types, broken.type)) yield attempt(rule, broken, context);
    }
    const first = this.readers.get(urn) ?? [];
    for (const [rule, subject] of first) if (subject.urn !== urn) yield attempt(rule, subject, context);
    if (kind !== "removal" && kind !== "new resource") return;
    // Whether something is there may matter to who never looked into it.
    for (const rule of this.rules) {
      if (rule.scope !== "stack") continue;
      for (const subject of others) if (matches(rule.types, subject.type)) yield attempt(rule, subject, context);
    }
  }

  private judgeAll(rule: Rule): void {
    if (rule.scope === "resource") {
      for (const subject of this.inputs.values()) {
        if (matches(rule.types, subject.type))
          this.keep(examine(rule, guardedSubject(subject), { settings: this.settings, resources: [] }));
      }
      return;
    }
    for (const subject of this.watched) {
      if (!matches(rule.types, subject.type)) continue;
      this.reading = new Set();
      this.keep(examine(rule, subject, { settings: this.settings, resources: this.watched }));
      for (const urn of this.reading) this.readers.set(urn, [...(this.readers.get(urn) ?? []), [rule, subject]]);
    }
  }

  private keep(verdict: Verdict): void {
    this.base.set(keyOf(verdict), verdict);
  }

  private watch(subject: Subject): Subject {
    return new Proxy(subject, {
      get: (target, key) => {
        if (key !== "type" && key !== "urn") this.reading.add(target.urn);
        return Reflect.get(target, key) as unknown;
      },
    });
  }
}
