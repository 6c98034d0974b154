import { ReadLog, type Reads } from "./reading/read-log";
import { isUnknownValue, type UnknownValue } from "./reading/unknown";
import { MissingSetting } from "./settings";
import type { Context, Rule, Subject, Verdict } from "./rule";

interface Answer {
  readonly path: string;
  readonly message: string;
}

/** Collects what a rule finds on one resource. A failure outweighs an unknown, and an unknown outweighs a pass. */
export class Examination {
  private asked = 0;
  private readonly failures: Answer[] = [];
  private readonly unknowns: Answer[] = [];
  private readonly questions: { readonly failed: boolean; readonly reads: Reads }[] = [];
  private exemption: string | undefined;

  constructor(private readonly log = new ReadLog()) {}

  /** Asks one question. The answer is what is wrong, in a sentence; undefined when nothing is. */
  ask(path: string, question: () => string | undefined): void {
    this.asked += 1;
    const { reads, answer: wrong, thrown } = this.log.during(question);
    this.questions.push({ failed: wrong !== undefined, reads });
    if (thrown !== undefined) this.unknown(path, thrown);
    else if (wrong !== undefined) this.failures.push({ path, message: wrong });
  }

  /** Runs a part of a rule that asks further questions, so that an unknown value in it ends that part only. */
  within(path: string, part: () => void): void {
    try {
      part();
    } catch (error) {
      this.unknown(path, error);
    }
  }

  /** States that something could not be known here, with the reason. */
  undecided(path: string, reason: string): void {
    this.asked += 1;
    this.unknowns.push({ path, message: reason });
  }

  /** States why the rule does not apply to this resource. Failures and unknowns found besides still count. */
  notApplicable(reason: string): void {
    this.exemption = reason;
  }

  verdict(rule: Rule, subject: Subject): Verdict {
    const of = (state: Verdict["state"], answers: readonly Answer[], message?: string): Verdict => ({
      rule: rule.id,
      urn: subject.urn,
      type: subject.type,
      state,
      message: message ?? told(answers),
      ...(answers[0]?.path ? { path: answers[0].path } : {}),
      inputsSha256: this.fingerprint(subject),
      ...(state === "fail" && this.unknowns.length > 0 ? { undecided: told(this.unknowns) } : {}),
    });
    if (this.failures.length > 0) return of("fail", this.failures);
    if (this.unknowns.length > 0) return of("open", this.unknowns);
    if (this.exemption !== undefined) return of("notApplicable", [], this.exemption);
    if (this.asked === 0) return of("notApplicable", [], "nothing here that the rule looks at");
    return of("pass", [], rule.title);
  }

  /** Of a failure only what led to it: what is not known yet elsewhere in the resource does not make it another failure. */
  private fingerprint({ protect }: Subject): string {
    const failing = this.questions.filter(({ failed }) => failed);
    const counted = failing.length > 0 ? failing : this.questions;
    const found = this.failures.map((answer) => `found ${sentence(answer)}`).sort();
    return this.log.fingerprint(
      [`protect=${protect}`, ...found],
      counted.map(({ reads }) => reads),
    );
  }

  private unknown(path: string, error: unknown): void {
    if (isUnknownValue(error) || error instanceof MissingSetting) {
      this.asked += 1;
      this.unknowns.push({ path, message: isUnknownValue(error) ? notKnown(error, path) : error.message });
    } else {
      throw error;
    }
  }
}

function notKnown(error: UnknownValue, path: string): string {
  const at = error.props.join(".");
  const same = path.replaceAll(/\[(\d+)\]/g, ".$1") === at;
  return same ? "can't be known before it exists" : `.${at} can't be known before it exists`;
}

const told = (answers: readonly Answer[]): string => [...new Set(answers.map(sentence))].join("; ");

function sentence(answer: Answer): string {
  return answer.path ? `${answer.path}: ${answer.message}` : answer.message;
}

/** Judges one resource by one rule. Never throws for an unknown value or a missing setting: the verdict is `open`. */
export function examine(rule: Rule, subject: Subject, context: Context): Verdict {
  const log = new ReadLog();
  const examination = new Examination(log);
  const watched: Subject = { ...subject, props: log.watch(subject.props) };
  examination.within("", () => rule.check(watched, examination, context));
  return examination.verdict(rule, subject);
}
