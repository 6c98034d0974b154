import { z } from "zod";
import type { ResourceKind } from "../provider";
import { differenceOf, failuresOf } from "../schema-check";
import { digestOf, ecdsaCurves, generateKey, keyAlgorithms, keyForms } from "./keys";

const schema = z.strictObject({
  algorithm: z.enum(keyAlgorithms, `must be one of ${keyAlgorithms.join(", ")}`),
  ecdsaCurve: z.enum(ecdsaCurves, `must be one of ${ecdsaCurves.join(", ")}`).default("P224"),
  rsaBits: z
    .number("must be a whole number of bits")
    .int("must be a whole number of bits")
    .min(1024, "must be 1024 bits or more")
    .max(16384, "must be 16384 bits or fewer")
    .default(2048),
});

/** A private key, generated on this machine. Every input is part of what it is, so every change makes a new one. */
export const privateKeyKind: ResourceKind = {
  fidelity: "real",
  replaceOn: Object.keys(schema.shape),
  secretOutputs: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  check: (inputs) => ({ inputs, failures: failuresOf(schema, inputs) }),
  diff: (olds, news) => Promise.resolve(differenceOf(schema, olds.inputs, news)),
  create: (inputs, context) => {
    if (context.preview) return Promise.resolve({ id: "", state: inputs });
    const known = schema.parse(inputs);
    const forms = keyForms(generateKey(known));
    return Promise.resolve({ id: digestOf(forms.publicKeyPem), state: { ...known, ...forms } });
  },
};
