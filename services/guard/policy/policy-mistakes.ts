import { normalise } from "../detect/normalise";
import { ruleNames } from "../detect/rule-names";
import { findsAnything, readExpression } from "./expression";
import type { GuardPolicy } from "./policy";

/** What is wrong in a policy although its shape is right. */
export interface PolicyMistake {
  readonly path: readonly (string | number)[];
  readonly found: string;
  readonly allowed: string;
  readonly mend: string;
}

/** Steps of an expression: each character of a text may cost as many, and a request waits for it. */
const largestExpression = 2500;
/** Characters that a phrase has for a program, at least: fewer are in every text. */
const shortestPhrase = 2;
const shortestCanary = 8;

const lengthOf = (text: string): number => normalise(text).text.trim().length;
const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);

function ofPatterns({ patterns, holdBackCharacters }: GuardPolicy): PolicyMistake[] {
  return patterns.flatMap(({ expression }, index): PolicyMistake[] => {
    const at = ["patterns", index, "expression"] as const;
    const read = readExpression(expression);
    // What is no expression at all is told by the shape.
    if (read === undefined) return [];
    const mistake = (found: string, allowed: string, mend: string): PolicyMistake[] => [
      { path: at, found: `${shown(expression)}, ${found}`, allowed, mend },
    ];
    if (read.empty) {
      return mistake(
        "which finds a text of no characters",
        "an expression that needs a character or more",
        "make a part of it required: write {1,40} for {0,40}",
      );
    }
    if (read.longest === Infinity) {
      return mistake(
        "whose repetition has no end",
        "repetitions with an end, so that a stream knows how much it holds back and no text makes it slow",
        "write {0,40} for * and {1,40} for +",
      );
    }
    if (read.size > largestExpression) {
      return mistake(
        `a program of ${read.size} steps`,
        `at most ${largestExpression} steps, each of which every character of a request may cost`,
        "shorten its repetitions, or split it",
      );
    }
    if (findsAnything(expression)) {
      return mistake(
        "which finds something in every sentence",
        "an expression that ordinary sentences do not match",
        "add what tells it from other text, such as a word before a number",
      );
    }
    if (read.longest > holdBackCharacters) {
      return mistake(
        `whose longest match has ${read.longest} characters`,
        `at most ${holdBackCharacters}, what a stream holds back`,
        "shorten its repetitions, or raise holdBackCharacters",
      );
    }
    return [];
  });
}

function ofTexts({ canaries, terms, holdBackCharacters }: GuardPolicy): PolicyMistake[] {
  const texts = [
    ...canaries.map(({ text }, index) => ({ path: ["canaries", index, "text"], text, least: shortestCanary })),
    ...terms.flatMap(({ phrases }, index) =>
      phrases.map((text, at) => ({ path: ["terms", index, "phrases", at], text, least: shortestPhrase })),
    ),
  ];
  return texts.flatMap(({ path, text, least }): PolicyMistake[] => {
    const length = lengthOf(text);
    if (length < least) {
      return [
        {
          path,
          found: `${shown(text)}, which has ${length} characters that are seen`,
          allowed: `${least} or more: less is in every text`,
          mend: "write more of it, or remove it",
        },
      ];
    }
    return length <= holdBackCharacters
      ? []
      : [
          {
            path,
            found: `${length} characters`,
            allowed: `at most ${holdBackCharacters}, what a stream holds back`,
            mend: "write its first words alone, or raise holdBackCharacters",
          },
        ];
  });
}

function twice(policy: GuardPolicy): PolicyMistake[] {
  return (["canaries", "terms", "patterns"] as const).flatMap((kind) => {
    const names = policy[kind].map(({ name }) => name);
    return names.flatMap((name, index): PolicyMistake[] =>
      names.indexOf(name) === index
        ? []
        : [
            {
              path: [kind, index, "name"],
              found: `${name} a second time`,
              allowed: "each name once",
              mend: "rename or remove one",
            },
          ],
    );
  });
}

function ofRules(policy: GuardPolicy): PolicyMistake[] {
  const known = ruleNames(policy);
  const named = [
    ...Object.keys(policy.rules).map((rule) => ({ path: ["rules", rule], rule })),
    ...policy.allowed.map(({ rule }, index) => ({ path: ["allowed", index, "rule"], rule })),
  ];
  return named.flatMap(({ path, rule }): PolicyMistake[] =>
    known.includes(rule)
      ? []
      : [{ path, found: `a rule ${rule} that is not there`, allowed: known.join(", "), mend: "correct its name" }],
  );
}

/** All that is wrong in a policy whose shape is right. Pure; the list is empty when all is well. */
export const policyMistakes = (policy: GuardPolicy): PolicyMistake[] => [
  ...ofPatterns(policy),
  ...ofTexts(policy),
  ...twice(policy),
  ...ofRules(policy),
];
