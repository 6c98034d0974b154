import { catalogued } from "../../policies/catalogue";
import { unmetExpectations } from "../../policies/expectations";
import { judgeByRule } from "../../policies/judge";
import type { CapturedPlan } from "../../policies/plan-capture";
import { matches, type Rule, type Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import type { Settings } from "../../policies/settings";
import type { Mutant } from "./mutant";

/** `caught`: a rule that stops a deployment does. `advised`: only one that advises. `crashed`: a rule broke, which is ours to mend. */
export type Fate = "caught" | "advised" | "survived" | "crashed";

export interface Tried {
  readonly mutant: Mutant;
  readonly fate: Fate;
  /** Rule that caught it, or what was broken where it survived. */
  readonly by: string;
}

const stops = (rule: string) => ["critical", "high"].includes(catalogued(rule).severity);

/** Tries mutants of one plan at the rules, in this process. */
export class Trial {
  private readonly before = new Set<string>();

  /** @param by the rules that judge. Default: all. */
  public constructor(
    private readonly plan: CapturedPlan,
    private readonly settings: Settings,
    private readonly by: readonly Rule[] = rules,
  ) {
    for (const verdict of this.judge(plan, by)) this.before.add(keyOf(verdict));
  }

  public try(mutant: Mutant): Tried {
    let advised: Verdict | undefined;
    for (const { plan } of mutant.ways) {
      const broken = plan();
      // What stands alone is judged alone, and is the cheaper to judge.
      const mine = this.by.filter(({ scope, types }) => scope === "resource" && matches(types, mutant.type));
      const whole = this.by.filter(({ scope }) => scope === "stack");
      for (const some of [mine, ...whole.map((rule) => [rule])]) {
        let found: Verdict[];
        try {
          found = this.judge(some === mine ? alone(broken, mutant.urn) : broken, some).filter(
            (one) => !this.before.has(keyOf(one)),
          );
        } catch (error) {
          return { mutant, fate: "crashed", by: `${some.map(({ id }) => id).join()}: ${(error as Error).message}` };
        }
        const stopping = found.find(({ rule }) => stops(rule));
        if (stopping !== undefined) return { mutant, fate: "caught", by: stopping.rule };
        advised ??= found[0];
      }
      if (mutant.pattern === "" && this.missed(broken)) return { mutant, fate: "caught", by: "expected" };
    }
    if (advised !== undefined) return { mutant, fate: "advised", by: advised.rule };
    return { mutant, fate: "survived", by: mutant.ways.map(({ what }) => what).join(", or ") };
  }

  /** Failures, and critical values that are not known. */
  private judge(plan: CapturedPlan, by: readonly Rule[]): Verdict[] {
    return by
      .flatMap((rule) => judgeByRule(rule, plan, this.settings))
      .filter(({ rule, state }) => state === "fail" || (state === "open" && catalogued(rule).severity === "critical"));
  }

  /** Whether the stack has less than such a stack always has. */
  private missed(plan: CapturedPlan): boolean {
    const verdicts = this.by.flatMap((rule) => judgeByRule(rule, plan, this.settings));
    return unmetExpectations(this.settings, { project: "cloister", stack: this.plan.stack }, verdicts).length > 0;
  }
}

const alone = (plan: CapturedPlan, urn: string): CapturedPlan => ({
  ...plan,
  inputs: plan.inputs.filter((subject) => subject.urn === urn),
  outputs: [],
});

const keyOf = ({ rule, urn, state }: Verdict): string => `${rule} ${urn} ${state}`;
