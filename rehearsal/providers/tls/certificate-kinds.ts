import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import type { CheckFailure, Properties, ResourceKind } from "../provider";
import { differenceOf, failuresOf } from "../schema-check";
import { keyMatches, selfSign, sign } from "./certificate";
import type { IssuedCertificate } from "./certificate";
import { algorithmOf } from "./keys";
import { certificatePem, nameInputs, privateKeyPem, requestPem, termInputs } from "./schemas";

/** True from the moment early renewal begins: the certificate still holds, and the next `up` makes its successor. */
function readyForRenewal(validityEndTime: unknown, earlyRenewalHours: unknown, now: Date): boolean {
  const end = Date.parse(String(validityEndTime));
  return now.getTime() >= end - Number(earlyRenewalHours ?? 0) * 3_600_000;
}

function certificateKind<Schema extends z.ZodObject>(options: {
  readonly schema: Schema;
  readonly now: () => Date;
  readonly key: "privateKeyPem" | "caPrivateKeyPem";
  readonly algorithmOutput: "keyAlgorithm" | "caKeyAlgorithm";
  issue(inputs: z.output<Schema>, now: Date): Promise<IssuedCertificate>;
  alsoCheck?(inputs: Properties): CheckFailure[];
}): ResourceKind {
  const { schema, now, key } = options;
  // Only when to renew can change without a new certificate: all else is under the signature.
  const updatable = ["earlyRenewalHours"];
  return {
    fidelity: "real",
    replaceOn: [...Object.keys(schema.shape).filter((input) => !updatable.includes(input)), "readyForRenewal"],
    secretOutputs: [key],
    check: (inputs) => {
      const failures = failuresOf(schema, inputs, [key]);
      return { inputs, failures: failures.length ? failures : (options.alsoCheck?.(inputs) ?? []) };
    },
    diff: (olds, news) => {
      const { changed, replaces } = differenceOf(schema, olds.inputs, news, updatable);
      const due = readyForRenewal(olds.state.validityEndTime, news.earlyRenewalHours, now()) ? ["readyForRenewal"] : [];
      return Promise.resolve({ changed: [...changed, ...due], replaces: [...replaces, ...due] });
    },
    create: async (inputs, context) => {
      if (context.preview) return { id: "", state: inputs };
      const known = schema.parse(inputs);
      const { id, ...issued } = await options.issue(known, now());
      const algorithm = algorithmOf(createPrivateKey(inputs[key] as string));
      const state = { ...(known as Properties), ...issued, [options.algorithmOutput]: algorithm };
      return { id, state: { ...state, readyForRenewal: false } };
    },
    read: (_id, state, context) => {
      const due = readyForRenewal(state.validityEndTime, state.earlyRenewalHours, now());
      return Promise.resolve({ inputs: context.inputs, state: { ...state, readyForRenewal: due } });
    },
    update: (_id, olds, news) =>
      Promise.resolve({ state: { ...olds, earlyRenewalHours: news.earlyRenewalHours ?? 0 } }),
  };
}

export const selfSignedCertKind = (now: () => Date): ResourceKind =>
  certificateKind({
    schema: z.strictObject({
      ...nameInputs,
      ...termInputs,
      privateKeyPem,
      setAuthorityKeyId: z.boolean("must be true or false").default(false),
    }),
    now,
    key: "privateKeyPem",
    algorithmOutput: "keyAlgorithm",
    issue: (inputs, at) => selfSign(inputs.privateKeyPem, inputs, inputs, at),
  });

export const locallySignedCertKind = (now: () => Date): ResourceKind =>
  certificateKind({
    schema: z.strictObject({
      ...termInputs,
      caCertPem: certificatePem,
      caPrivateKeyPem: privateKeyPem,
      certRequestPem: requestPem,
    }),
    now,
    key: "caPrivateKeyPem",
    algorithmOutput: "caKeyAlgorithm",
    issue: (inputs, at) =>
      sign(inputs.certRequestPem, { certPem: inputs.caCertPem, privateKeyPem: inputs.caPrivateKeyPem }, inputs, at),
    alsoCheck: ({ caCertPem, caPrivateKeyPem }) =>
      typeof caCertPem !== "string" || typeof caPrivateKeyPem !== "string" || keyMatches(caCertPem, caPrivateKeyPem)
        ? []
        : [
            {
              property: "caPrivateKeyPem",
              reason: "does not belong to caCertPem; give the key that certificate names",
            },
          ],
  });
