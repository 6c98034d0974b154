import { actions, type Action } from "../examiner";
import { longestMatch } from "../policy/expression";
import type { GuardPolicy } from "../policy/policy";
import type { Category, Detector } from "./detector";
import { injection } from "./injection";
import { normalise, originalSpan, type Normalised } from "./normalise";
import { personalData } from "./personal-data";
import { beginningOf, pattern, phrases } from "./phrases";
import { secrets } from "./secrets";

export type Direction = "prompt" | "answer";

/** Something that a rule found, in the original text. */
export interface Finding {
  readonly rule: string;
  readonly category: Category;
  readonly action: Action;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
}

interface Ruled {
  readonly detector: Detector;
  readonly prompt: Action;
  readonly answer: Action;
}

const stronger = (left: Action, right: Action): boolean => actions.indexOf(left) > actions.indexOf(right);

/** A text as an allow list compares it: what only looks different is the same. */
const comparable = (text: string): string => normalise(text).text.trim().toLowerCase();

/** A policy, ready to be applied. */
export class Scanner {
  private readonly rules: readonly Ruled[];
  private readonly hiddenIn: (original: string) => boolean;
  /** Texts that a rule lets go, by the rule. */
  private readonly allowed: ReadonlyMap<string, ReadonlySet<string>>;
  /** What a text may end with where it may be the beginning of a phrase. */
  public readonly beginnings: readonly RegExp[];
  /** Characters of the longest match of the policy's own patterns. */
  public readonly longestPattern: number;

  public constructor(public readonly policy: GuardPolicy) {
    const { personalData: personal, secrets: secret, canaries, terms, patterns } = policy;
    const held = { prompt: "quarantine", answer: "quarantine" } as const;
    const injected = injection(policy.injection.threshold);
    this.hiddenIn = injected.hiddenIn;
    const all: Ruled[] = [
      ...personalData.map((detector) => ({ detector, ...personal })),
      ...secrets.map((detector) => ({ detector, ...secret })),
      ...canaries.map(({ name, text }) => ({ detector: phrases(`canary.${name}`, "canary", [text], false), ...held })),
      ...terms.map(({ name, phrases: texts, prompt, answer }) => ({
        detector: phrases(`term.${name}`, "term", texts, true),
        prompt,
        answer,
      })),
      ...patterns.map(({ name, expression, prompt, answer }) => ({
        detector: pattern(`pattern.${name}`, expression),
        prompt,
        answer,
      })),
      { detector: injected, prompt: policy.injection.prompt, answer: "allow" },
    ];
    this.rules = all.map(({ detector, prompt, answer }) => {
      const own = policy.rules[detector.rule];
      return { detector, prompt: own?.prompt ?? prompt, answer: own?.answer ?? answer };
    });
    this.beginnings = [...canaries.map(({ text }) => text), ...terms.flatMap(({ phrases: texts }) => texts)].map(
      beginningOf,
    );
    this.longestPattern = Math.max(0, ...patterns.map(({ expression }) => longestMatch(expression)));
    this.allowed = new Map(
      policy.allowed.map(({ rule }) => [
        rule,
        new Set(policy.allowed.flatMap((one) => (one.rule === rule ? one.texts.map(comparable) : []))),
      ]),
    );
  }

  /** All that the rules find, in the order of the text. Of two that overlap the stronger action stands, or the longer. */
  public scan(text: string, direction: Direction): Finding[] {
    return this.scanRewritten(normalise(text), text, direction);
  }

  /** The same for a text that is rewritten already. */
  public scanRewritten(rewritten: Normalised, original: string, direction: Direction): Finding[] {
    const found: Finding[] = [];
    for (const rule of this.rules) {
      const action = rule[direction];
      if (action === "allow") continue;
      const { rule: name, category } = rule.detector;
      const letsGo = this.allowed.get(name);
      for (const span of rule.detector.find(rewritten.text)) {
        if (letsGo?.has(comparable(rewritten.text.slice(span.start, span.end))) === true) continue;
        const [start, end] = originalSpan(rewritten, span.start, span.end);
        found.push({ rule: name, category, action, start, end });
      }
      if (category === "injection" && this.hiddenIn(original)) {
        found.push({ rule: name, category, action, start: 0, end: original.length });
      }
    }
    return apart(found);
  }
}

function apart(found: Finding[]): Finding[] {
  if (found.length < 2) return found;
  const kept: Finding[] = [];
  const order = [...found].sort(
    (left, right) =>
      Number(stronger(right.action, left.action)) - Number(stronger(left.action, right.action)) ||
      right.end - right.start - (left.end - left.start),
  );
  for (const one of order) {
    const over = kept.find((other) => one.start < other.end && other.start < one.end);
    // An injection covers the whole text: it stands beside what is masked within.
    if (over === undefined || over.category === "injection" || one.category === "injection") kept.push(one);
  }
  return kept.sort((left, right) => left.start - right.start);
}

/** The text with what is to be masked replaced by the name of its rule. */
export function masked(text: string, findings: readonly Finding[]): string {
  let out = "";
  let at = 0;
  for (const { rule, action, start, end } of findings) {
    if (action !== "mask" || start < at) continue;
    out += `${text.slice(at, start)}[REDACTED:${rule}]`;
    at = end;
  }
  return out + text.slice(at);
}
