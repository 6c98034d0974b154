import type { CapturedPlan } from "../../policies/plan-capture";
import type { Subject } from "../../policies/rule";
import { additions } from "./additions";
import { breaksOf } from "./breaks";
import { at, leavesOf, pathPattern, replaced, type Leaf } from "./leaves";

/** A plan that was broken in one place. */
export interface Mutant {
  /** Type and pattern of the path: alike mutants of many resources have the same. */
  readonly kind: string;
  readonly type: string;
  readonly urn: string;
  /** Pattern of the path; empty where the resource as a whole was broken. */
  readonly pattern: string;
  /** Each way in which the place was broken. Caught is the mutant of which one way is. */
  readonly ways: readonly { readonly what: string; readonly plan: () => CapturedPlan }[];
}

/** The plan with one resource changed; undefined takes it away. */
function withSubject(plan: CapturedPlan, urn: string, change: (subject: Subject) => Subject | undefined): CapturedPlan {
  const list = (subjects: readonly Subject[]) =>
    subjects.flatMap((subject) => (subject.urn === urn ? (change(subject) ?? []) : [subject]));
  return { ...plan, inputs: list(plan.inputs), outputs: list(plan.outputs) };
}

/** The same break in what resource rules see and in what stack rules see. What no longer names a resource loses its origin. */
function broken(subject: Subject, leaf: Leaf, value: unknown): Subject {
  const { path, within } = leaf;
  const there = at(subject.props, path);
  // The outputs of a preview leave out what the provider does not give back.
  if (there === undefined) return subject;
  const { [String(path[0])]: _lost, ...origins } = subject.origins ?? {};
  return {
    ...subject,
    props: replaced(subject.props, { path, within }, value),
    ...(subject.origins ? { origins: within === undefined && path.length === 1 ? origins : subject.origins } : {}),
  };
}

/** Every mutant of a plan: each leaf of each resource, each resource as a whole, its protection, and what could be added. */
export function mutantsOf(plan: CapturedPlan): Mutant[] {
  return plan.inputs.flatMap((subject): Mutant[] => {
    const { urn, type, name } = subject;
    const of = (pattern: string, ways: Mutant["ways"]): Mutant => ({
      kind: `${type} ${pattern}`,
      type,
      urn,
      pattern,
      ways,
    });
    const change = (what: string, make: (subject: Subject) => Subject | undefined) => ({
      what,
      plan: () => withSubject(plan, urn, make),
    });
    const whole =
      type.startsWith("cloister:") || type.startsWith("pulumi:")
        ? []
        : [of("", [change(`${name} is not there`, () => undefined)])];
    return [
      ...whole,
      ...(subject.protect
        ? [of("options.protect", [change("unprotected", (one) => ({ ...one, protect: false }))])]
        : []),
      ...leavesOf(subject.props).map((leaf) =>
        of(
          pathPattern(leaf),
          breaksOf(leaf).map(({ what, value }) => change(what, (one) => broken(one, leaf, value))),
        ),
      ),
      ...additions(subject).map(({ pattern, what, props }) =>
        of(pattern, [change(what, (one) => ({ ...one, props: props(one.props) }))]),
      ),
    ];
  });
}
