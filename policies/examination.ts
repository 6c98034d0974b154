import { createHash } from "node:crypto";
import { isUnknownValue, type UnknownValue } from "./reading/unknown";
import { MissingSetting } from "./settings";
import type { Context, Properties, Rule, Subject, Verdict } from "./rule";

interface Answer {
  readonly path: string;
  readonly message: string;
}

/** Collects what a rule finds on one resource. A failure outweighs an unknown, and an unknown outweighs a pass. */
export class Examination {
  private asked = 0;
  private readonly failures: Answer[] = [];
  private readonly unknowns: Answer[] = [];
  private exemption: string | undefined;

  /** Asks one question. The answer is what is wrong, in a sentence; undefined when nothing is. */
  ask(path: string, question: () => string | undefined): void {
    this.asked += 1;
    try {
      const wrong = question();
      if (wrong !== undefined) this.failures.push({ path, message: wrong });
    } catch (error) {
      this.unknown(path, error);
    }
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

  verdict(rule: Rule, subject: Subject, inputsSha256: string): Verdict {
    const of = (state: Verdict["state"], answers: readonly Answer[], message?: string): Verdict => ({
      rule: rule.id,
      urn: subject.urn,
      type: subject.type,
      state,
      message: message ?? [...new Set(answers.map((answer) => sentence(answer)))].join("; "),
      ...(answers[0]?.path ? { path: answers[0].path } : {}),
      inputsSha256,
    });
    if (this.failures.length > 0) return of("fail", this.failures);
    if (this.unknowns.length > 0) return of("open", this.unknowns);
    if (this.exemption !== undefined) return of("notApplicable", [], this.exemption);
    if (this.asked === 0) return of("notApplicable", [], "nothing here that the rule looks at");
    return of("pass", [], rule.title);
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

function sentence(answer: Answer): string {
  return answer.path ? `${answer.path}: ${answer.message}` : answer.message;
}

/** Judges one resource by one rule. Never throws for an unknown value or a missing setting: the verdict is `open`. */
export function examine(rule: Rule, subject: Subject, context: Context): Verdict {
  const examination = new Examination();
  const reads = new Map<string, string>();
  const watched: Subject = { ...subject, props: record(subject.props, "", reads) };
  examination.within("", () => rule.check(watched, examination, context));
  return examination.verdict(rule, subject, fingerprint(subject.protect, reads));
}

/** Notes each name and value that is read, so that the verdict is bound to those and to nothing secret besides. */
function record(target: Properties, path: string, reads: Map<string, string>): Properties {
  if (!(target instanceof Object) || typeof target === "function") return target;
  return new Proxy(target as object, {
    get(object, key) {
      if (typeof key === "symbol") return Reflect.get(object, key) as unknown;
      const at = path ? `${path}.${key}` : key;
      let value: unknown;
      try {
        value = Reflect.get(object, key);
      } catch (error) {
        reads.set(at, "unknown");
        throw error;
      }
      if (typeof value === "function") return value;
      if (!(value instanceof Object)) reads.set(at, JSON.stringify(value) ?? "absent");
      return record(value, at, reads) as unknown;
    },
    ownKeys(object) {
      const keys = Reflect.ownKeys(object);
      reads.set(`${path}.*`, JSON.stringify(keys.map(String).sort()));
      return keys;
    },
  });
}

function fingerprint(protect: boolean, reads: ReadonlyMap<string, string>): string {
  const lines = [...reads].map(([path, value]) => `${path}=${value}`).sort();
  return createHash("sha256")
    .update([`protect=${protect}`, ...lines].join("\n"))
    .digest("hex");
}
