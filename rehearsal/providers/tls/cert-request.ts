import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import type { ResourceKind } from "../provider";
import { differenceOf, failuresOf } from "../schema-check";
import { request } from "./certificate";
import { algorithmOf, digestOf } from "./keys";
import { nameInputs, privateKeyPem } from "./schemas";

const schema = z.strictObject({ ...nameInputs, privateKeyPem });

/** A request for a certificate, signed with the key it asks for. */
export const certRequestKind: ResourceKind = {
  fidelity: "real",
  replaceOn: Object.keys(schema.shape),
  secretOutputs: ["privateKeyPem"],
  check: (inputs) => ({ inputs, failures: failuresOf(schema, inputs, ["privateKeyPem"]) }),
  diff: (olds, news) => Promise.resolve(differenceOf(schema, olds.inputs, news)),
  create: async (inputs, context) => {
    if (context.preview) return { id: "", state: inputs };
    const known = schema.parse(inputs);
    const certRequestPem = await request(known.privateKeyPem, known);
    const keyAlgorithm = algorithmOf(createPrivateKey(known.privateKeyPem));
    return { id: digestOf(certRequestPem), state: { ...inputs, keyAlgorithm, certRequestPem } };
  },
};
