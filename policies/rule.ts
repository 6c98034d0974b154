import type { Controls, Scope, Severity } from "./catalogue";
import type { Examination } from "./examination";
import type { Settings } from "./settings";

/**
 * The six states of a verdict. `open`: a value was not known. `waived`: it failed, and a waiver accepts that for a while.
 * `notApplicable`: nothing of the kind, or a named compensation. `notEvaluated`: the rule did not run.
 */
export type State = "pass" | "fail" | "waived" | "open" | "notApplicable" | "notEvaluated";

/** The unknown shape of a resource's properties: what a rule reads it must expect to be absent. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Properties = any;

/** One resource as a rule sees it. Reading a value that is not known yet throws, and the verdict becomes `open`. */
export interface Subject {
  readonly urn: string;
  /** The type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The Pulumi name: the last part of the URN. */
  readonly name: string;
  /** Inputs for resource rules, outputs for stack rules. */
  readonly props: Properties;
  /** The `protect` option. */
  readonly protect: boolean;
  /** Properties of the provider the resource is made with; absent for components and providers. */
  readonly provider?: Properties;
  /** URNs each property came from, where another resource's output was given. Only stack rules see it. */
  readonly origins?: Readonly<Record<string, readonly string[]>>;
}

export interface Context {
  readonly settings: Settings;
  /** Every resource of the stack; empty for resource rules. */
  readonly resources: readonly Subject[];
}

/** One rule, one file. */
export interface Rule {
  /** The id in the catalogue, which is also the policy's name in Pulumi's output. */
  readonly id: string;
  readonly title: string;
  /** `critical` and `high` stop the deployment; `medium` and `low` advise. */
  readonly severity: Severity;
  readonly scope: Scope;
  /** Type tokens the rule judges; `*` stands for any run of characters. */
  readonly types: readonly string[];
  /** What to do about a failure, in a sentence or two. */
  readonly remediation: string;
  /** Controls it supports, from the catalogue. */
  readonly supports: Controls;
  /**
   * Looks at one resource. Every question is put through the examination, so that one unknown value hides neither the
   * answers before it nor those after.
   */
  check(subject: Subject, examination: Examination, context: Context): void;
}

/** A finding on one resource, or on none when the rule as a whole did not apply or did not run. */
export interface Verdict {
  readonly rule: string;
  /** Empty for a verdict on the rule as a whole. */
  readonly urn: string;
  readonly type: string;
  readonly state: State;
  readonly message: string;
  /** Where in the resource, such as `spec.containers[0].image`. */
  readonly path?: string;
  /**
   * SHA-256 over the names and values the rule read: what a waiver is bound to. Of a failure, over what it read outside its
   * questions and in those that failed, and over what it found: so it is the same before and after a resource exists,
   * and other when a sibling makes the failure another one.
   */
  readonly inputsSha256?: string;
  /** Of a failure: what could not be known besides it. No waiver covers that part. */
  readonly undecided?: string;
  /** Id of the waiver that accepts the failure: the state is then `waived`, or `open` where a part is undecided. */
  readonly waiver?: string;
}

const patterns = new Map<string, RegExp>();

/** Whether a type token matches one of a rule's patterns. */
export function matches(types: readonly string[], token: string): boolean {
  return types.some((pattern) => {
    if (!pattern.includes("*")) return pattern === token;
    let expression = patterns.get(pattern);
    if (!expression) {
      const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
      expression = new RegExp(`^${escaped}$`);
      patterns.set(pattern, expression);
    }
    return expression.test(token);
  });
}
