import { z } from "zod";
import { actions } from "../examiner";
import { readExpression } from "./expression";
import { policyMistakes } from "./policy-mistakes";

const action = z.enum(actions).meta({
  description: "What is done with what was found, the mildest first",
  mend: "choose one of them",
});
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, "a short name in lower case, with hyphens")
  .meta({
    description: "What the rule is called in answers, metrics and records",
    allowed: "a short name in lower case, with hyphens, at most 41 characters",
    mend: "choose a name that gives away nothing of what it looks for",
  });

const both = (prompt: z.infer<typeof action>, answer: z.infer<typeof action>) =>
  z.strictObject({ prompt: action.default(prompt), answer: action.default(answer) });

const pattern = z.strictObject({
  name,
  expression: z
    .string()
    .min(1)
    .max(2000)
    .refine(
      (text) => readExpression(text) !== undefined,
      "an expression of RE2's syntax: no look-around and no back references",
    )
    .meta({
      description: "What is looked for, whatever is upper or lower case",
      allowed: "an expression of RE2's syntax, 1 to 2000 characters: no look-around and no back references",
      mend: "write it without them, such as CASE-[0-9]{4,8}",
    }),
  prompt: action.default("mask"),
  answer: action.default("mask"),
});

const canary = z.strictObject({
  name,
  text: z.string().min(8).max(200).meta({
    description: "The planted text",
    allowed: "8 to 200 characters",
    mend: "plant a text that nobody writes by chance",
  }),
});

const term = z.strictObject({
  name,
  phrases: z
    .array(
      z.string().min(2).max(200).meta({
        description: "A phrase of whole words, however it is spaced and whatever is upper or lower case",
        allowed: "2 to 200 characters",
        mend: "write the phrase out",
      }),
    )
    .min(1)
    .max(500)
    .meta({ allowed: "1 to 500 phrases", mend: "name the first phrase, or remove the term" }),
  prompt: action.default("block"),
  answer: action.default("block"),
});

const exception = z.strictObject({
  rule: z
    .string()
    .regex(/^(pii|pattern)\.[a-z0-9-]+$/)
    .meta({
      description: "The rule that lets these texts go",
      allowed: "a rule of personal data or a pattern of your own, such as pii.email",
      mend: "name one of them: no secret and no canary is written into a list that many can read",
    }),
  texts: z
    .array(
      z
        .string()
        .min(1)
        .max(200)
        .meta({ allowed: "1 to 200 characters", mend: "write it as it is found, such as support@example.com" }),
    )
    .min(1)
    .max(200)
    .meta({ description: "Texts that are no finding of the rule", allowed: "1 to 200 texts", mend: "name the first" }),
});

/** The settings of a policy, without the version of their shape: the environment's file has the same. */
export const policySettings = {
  personalData: both("mask", "mask").prefault({}).meta({ description: "What tells who a person is" }),
  secrets: both("block", "mask").prefault({}).meta({ description: "Keys and passwords" }),
  canaries: z.array(canary).max(200).default([]).meta({
    description: "Texts that were planted where nobody may read: who speaks them has read there, and is quarantined",
    allowed: "at most 200 canaries",
    mend: "remove the oldest",
  }),
  terms: z
    .array(term)
    .max(200)
    .default([])
    .meta({ description: "Words of the company's own", allowed: "at most 200 terms", mend: "put phrases together" }),
  patterns: z.array(pattern).max(100).default([]).meta({
    description: "Expressions of the company's own",
    allowed: "at most 100 patterns",
    mend: "put expressions together",
  }),
  injection: z
    .strictObject({
      prompt: action.default("block"),
      threshold: z.int().min(1).max(20).default(3).meta({
        description: "Sum of the weights of what was found, from which on it counts",
        allowed: "a whole number from 1 to 20",
        mend: "write 3, or less to be stricter",
      }),
    })
    .prefault({})
    .meta({ description: "Signs that a prompt wants to speak over its instructions" }),
  rules: z
    .record(
      z.string().regex(/^[a-z]+(\.[a-z0-9-]+)?$/),
      // Without defaults: what is not said here stays as the rule's kind has it.
      z.strictObject({ prompt: action.optional(), answer: action.optional() }),
    )
    .default({})
    .meta({ description: "Actions of single rules, such as `pii.email`: they go before those of their kind" }),
  allowed: z
    .array(exception)
    .max(50)
    .default([])
    .meta({ description: "Texts that a rule lets go", allowed: "at most 50 entries", mend: "put texts together" }),
  holdBackCharacters: z.int().min(64).max(4096).default(256).meta({
    description: "The most of a stream that is held back, characters: what is longer can slip through in pieces",
    allowed: "a whole number from 64 to 4096",
    mend: "write 256, or more where a rule of your own finds longer texts",
  }),
};

/** What is looked for, and what is done with it. The shortest policy is the safest. */
export const guardPolicy = z
  .strictObject({ apiVersion: z.literal("cloister.dev/guard-policy/v1"), ...policySettings })
  .superRefine((policy, context) => {
    for (const { path, found, allowed } of policyMistakes(policy)) {
      context.addIssue({ code: "custom", path: [...path], message: `found ${found}; allowed: ${allowed}` });
    }
  });

export type GuardPolicy = Omit<z.infer<typeof guardPolicy>, "apiVersion">;
