import { RE2JS } from "re2js";
import { z } from "zod";
import { actions } from "../examiner";

const action = z.enum(actions);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, "a short name in lower case, with hyphens");

const both = (prompt: z.infer<typeof action>, answer: z.infer<typeof action>) =>
  z.strictObject({ prompt: action.default(prompt), answer: action.default(answer) });

function compiles(expression: string): boolean {
  try {
    return RE2JS.compile(expression) !== undefined;
  } catch {
    return false;
  }
}

const pattern = z.strictObject({
  name,
  expression: z
    .string()
    .min(1)
    .max(2000)
    .refine(compiles, "an expression of RE2's syntax: no look-around and no back references"),
  /** Characters of its longest match: so much of a stream is held back for it. */
  longest: z.int().min(1).max(1024),
  prompt: action.default("mask"),
  answer: action.default("mask"),
});

/** What is looked for, and what is done with it. The shortest policy is the safest. */
export const guardPolicy = z.strictObject({
  apiVersion: z.literal("cloister.dev/guard-policy/v1"),
  personalData: both("mask", "mask").prefault({}),
  secrets: both("block", "mask").prefault({}),
  /** Texts that were planted where nobody may read: who speaks them has read there. */
  canaries: z
    .array(z.strictObject({ name, text: z.string().min(8).max(200) }))
    .max(200)
    .default([]),
  terms: z
    .array(
      z.strictObject({
        name,
        phrases: z.array(z.string().min(2).max(200)).min(1).max(500),
        prompt: action.default("block"),
        answer: action.default("block"),
      }),
    )
    .max(200)
    .default([]),
  patterns: z.array(pattern).max(100).default([]),
  injection: z
    .strictObject({
      prompt: action.default("block"),
      /** Sum of the weights of what was found, from which on it counts. */
      threshold: z.int().min(1).max(20).default(3),
    })
    .prefault({}),
  /** Actions of single rules, such as `pii.email`: they go before those of their kind. */
  rules: z.record(z.string().regex(/^[a-z]+(\.[a-z0-9-]+)?$/), both("mask", "mask").partial()).default({}),
  /** The most of a stream that is held back, characters: what is longer can slip through in pieces. */
  holdBackCharacters: z.int().min(64).max(4096).default(256),
});

export type GuardPolicy = z.infer<typeof guardPolicy>;
