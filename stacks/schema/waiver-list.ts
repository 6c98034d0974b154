import { z } from "zod";
import { mailAddress } from "./common";

const sentence = (description: string, mend: string) =>
  z.string().min(20).meta({ description, allowed: "a sentence of 20 characters or more", mend });

const day = (description: string, mend: string) => z.iso.date().meta({ description, allowed: "a date", mend });

/** One entry of `stacks/<environment>/waivers.yaml`; what it must be besides is judged by the gate on the day. */
export const waiverEntry = z.strictObject({
  id: z
    .string()
    .regex(/^W-[1-9][0-9]{0,5}$/)
    .meta({ description: "Unique in the file", allowed: "W- and a number, such as W-7", mend: "number it anew" }),
  policy: z
    .string()
    .regex(/^[A-Z]{2,3}-[0-9]{2}$/)
    .meta({
      description: "The one rule it is about",
      allowed: "a rule's id, such as NET-05",
      mend: "copy the rule's id",
    }),
  urn: z
    .string()
    .regex(/^urn:pulumi:[^:*?]+::[^:*?]+::[^*?]+::[^*?]+$/)
    .meta({
      description: "The one resource it is about",
      allowed: "a whole URN, without patterns",
      mend: "copy it from the finding: a waiver is about one resource",
    }),
  reason: sentence("Why the finding is accepted", "say why it is needed"),
  owner: mailAddress("Who answers for it"),
  approver: mailAddress("Who agreed; somebody else than the owner"),
  ticket: z.string().min(1).max(200).optional().meta({ description: "Where it was agreed to" }),
  created: day("The day it was agreed to", "write the day as 2026-12-31"),
  expires: day("Its last day, at most 90 days after it was created", "write the day as 2026-12-31"),
  compensating: sentence("What keeps the promise meanwhile", "say what keeps the promise meanwhile"),
  inputsSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({
      description: "What the rule had read when it was agreed to",
      allowed: "64 hexadecimal digits in lower case",
      mend: "have the entry written by `npm run cloister -- waive`, which copies it from the finding",
    }),
});

/** The whole of `stacks/<environment>/waivers.yaml`. */
export const waiverList = z
  .array(waiverEntry)
  .meta({ allowed: "a list of waivers", mend: "begin each with `- id: W-1`" });

/** The whole of `stacks/<environment>/approvers.yaml`. */
export const approverList = z
  .array(mailAddress("Who may agree to a waiver"))
  .meta({ allowed: "a list of mail addresses", mend: "write each as `- ciso@example.com`" });
