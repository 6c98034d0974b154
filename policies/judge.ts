import { examine } from "./examination";
import type { CapturedPlan } from "./plan-capture";
import { guarded } from "./reading/unknown";
import { matches, type Properties, type Rule, type Subject, type Verdict } from "./rule";
import { rules } from "./rules";
import type { Settings } from "./settings";

/** Subjects as the engine hands them to rules: reading what is not known yet throws. */
export function guardedSubject(subject: Subject): Subject {
  const { props, provider } = subject;
  return {
    ...subject,
    props: guarded(props as object) as Properties,
    ...(provider === undefined ? {} : { provider: guarded(provider as object) as Properties }),
  };
}

/** Judges a plan by one rule, as the pack does when the engine asks. */
export function judgeByRule(
  rule: Rule,
  { inputs, outputs }: Pick<CapturedPlan, "inputs" | "outputs">,
  settings: Settings,
): Verdict[] {
  if (rule.scope === "resource") {
    return inputs
      .filter(({ type }) => matches(rule.types, type))
      .map((subject) => examine(rule, guardedSubject(subject), { settings, resources: [] }));
  }
  const resources = outputs.map(guardedSubject);
  return resources
    .filter(({ type }) => matches(rule.types, type))
    .map((subject) => examine(rule, subject, { settings, resources }));
}

/** Judges a plan by every rule, in this process: what the gate would say of it, one verdict for each rule and resource. */
export const judgePlan = (plan: CapturedPlan, settings: Settings, by: readonly Rule[] = rules): Verdict[] =>
  by.flatMap((rule) => judgeByRule(rule, plan, settings));
