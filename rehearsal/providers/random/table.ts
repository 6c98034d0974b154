import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Made, ProviderTable, ResourceKind } from "../provider";
import { differenceOf, failuresOf } from "../schema-check";
import { drawCharacters } from "./characters";

const keepers = z.record(z.string(), z.string("keepers are strings")).optional();
const positive = z.number("must be a whole number").int("must be a whole number").min(1, "must be 1 or more");
const count = z.number("must be a whole number").int("must be a whole number").min(0, "must be 0 or more").default(0);
const flag = z.boolean("must be true or false");
const text = z.string("must be a string");

const classes = ["lower", "upper", "numeric", "special"] as const;
const minimums = { lower: "minLower", upper: "minUpper", numeric: "minNumeric", special: "minSpecial" } as const;

const characterInputs = z
  .strictObject({
    keepers,
    length: positive,
    lower: flag.default(true),
    upper: flag.default(true),
    number: flag.optional(),
    numeric: flag.optional(),
    special: flag.default(true),
    minLower: count,
    minUpper: count,
    minNumeric: count,
    minSpecial: count,
    overrideSpecial: text.optional(),
  })
  .superRefine((inputs, refinement) => {
    const used = { ...inputs, numeric: inputs.numeric ?? inputs.number ?? true };
    const fail = (path: string, message: string) => refinement.addIssue({ code: "custom", path: [path], message });
    if (inputs.number !== undefined && inputs.numeric !== undefined && inputs.number !== inputs.numeric) {
      fail("number", "contradicts numeric; number is deprecated, keep numeric alone");
    }
    if (!classes.some((name) => used[name])) fail("lower", `at least one of ${classes.join(", ")} must be true`);
    for (const name of classes) {
      if (!used[name] && inputs[minimums[name]] > 0) fail(minimums[name], `must be 0 while ${name} is false`);
    }
    const least = classes.reduce((sum, name) => sum + inputs[minimums[name]], 0);
    if (inputs.length < least) fail("length", `must be at least ${least}, the sum of the minimums`);
  });

/** A value drawn once and kept: every input is part of its identity, so every change draws a new one. */
function drawnOnce<Schema extends z.ZodObject>(
  schema: Schema,
  draw: (inputs: z.output<Schema>) => Made,
  secretOutputs: readonly string[] = [],
  note?: string,
): ResourceKind {
  return {
    fidelity: "real",
    secretOutputs,
    replaceOn: Object.keys(schema.shape),
    check: (inputs) => ({ inputs, failures: failuresOf(schema, inputs) }),
    diff: (olds, news) => Promise.resolve(differenceOf(schema, olds.inputs, news)),
    create: (inputs, context) => {
      // A preview draws nothing: what it showed would not be what `up` then makes.
      if (context.preview) return Promise.resolve({ id: "", state: inputs });
      if (note) context.log("info", note);
      const known = schema.parse(inputs);
      const { id, state } = draw(known);
      return Promise.resolve({ id, state: { ...(JSON.parse(JSON.stringify(known)) as Made["state"]), ...state } });
    },
  };
}

function characters(inputs: z.output<typeof characterInputs>): { result: string; number: boolean; numeric: boolean } {
  const numeric = inputs.numeric ?? inputs.number ?? true;
  return { result: drawCharacters({ ...inputs, numeric }), number: numeric, numeric };
}

const uuid = drawnOnce(z.strictObject({ keepers }), () => {
  const result = randomUUID();
  return { id: result, state: { result } };
});

const kinds: Readonly<Record<string, ResourceKind>> = {
  "random:index/randomBytes:RandomBytes": drawnOnce(
    z.strictObject({ keepers, length: positive }),
    ({ length }) => {
      const bytes = randomBytes(length);
      return { id: "none", state: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
    },
    ["base64", "hex"],
  ),
  "random:index/randomId:RandomId": drawnOnce(
    z.strictObject({ keepers, byteLength: positive, prefix: text.optional() }),
    ({ byteLength, prefix = "" }) => {
      const bytes = randomBytes(byteLength);
      const hex = bytes.toString("hex");
      const id = bytes.toString("base64url");
      const state = {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + id,
        dec: prefix + BigInt(`0x${hex}`).toString(),
        hex: prefix + hex,
      };
      return { id, state };
    },
  ),
  "random:index/randomPassword:RandomPassword": drawnOnce(
    characterInputs,
    (inputs) => ({ id: "none", state: characters(inputs) }),
    ["result", "bcryptHash"],
    "stand-in: the output bcryptHash is left out",
  ),
  "random:index/randomString:RandomString": drawnOnce(characterInputs, (inputs) => {
    const state = characters(inputs);
    return { id: state.result, state };
  }),
  "random:index/randomUuid:RandomUuid": uuid,
  "random:index/randomUuid4:RandomUuid4": uuid,
};

/** Stands in for `@pulumi/random`, with the operating system's entropy. `bcryptHash` and pet names are left out. */
export const randomTable: ProviderTable = { name: "random", version: "4.21.2", kind: (token) => kinds[token] };
