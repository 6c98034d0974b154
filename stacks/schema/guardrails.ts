import { z } from "zod";
import { mailAddress, whole } from "./common";

const region = z
  .string()
  .regex(/^[a-z]{2}(-gov)?-[a-z]+-[1-9]$/)
  .meta({ description: "AWS region", allowed: "an AWS region such as eu-central-1", mend: "write the region's code" });

const sentence = (description: string) =>
  z.string().min(20).meta({
    description,
    allowed: "a sentence of 20 characters or more",
    mend: "say why it is needed and what keeps the data where it belongs",
  });

/** What watches the account itself. Every setting has the safe default. */
export const guardrails = z
  .strictObject({
    monthlyBudgetUsd: whole(
      "What the account may cost a month, US dollars; without it alarms follow the average of the last three months",
      1,
      100_000_000,
      "write the amount that was approved, without cents",
    ).optional(),
    alarmMail: mailAddress("Where alarms go; the default is the organisation's owner").optional(),
    humanRoles: z
      .array(
        z
          .string()
          .regex(/^arn:aws(-us-gov)?:iam::[0-9]{12}:role\/.+$/)
          .meta({ allowed: "the ARN of an IAM role", mend: "write a role that people assume" }),
      )
      .default([])
      .meta({ description: "Roles that people assume beside the administrators; all of them need a second factor" }),
    furtherRegions: z
      .array(
        z.strictObject({
          region,
          reason: sentence("Why the organisation may not deny this region"),
          owner: mailAddress("Who answers for it"),
          approver: mailAddress("Who agreed; somebody else than the owner"),
          expires: z.iso.date().meta({
            description: "Last day of the waiver",
            allowed: "a date, at most 90 days from now",
            mend: "write the day as 2026-12-31; ask anew when it has passed",
          }),
        }),
      )
      .default([])
      .meta({ description: "Regions that the service control policy does not deny, beside the environment's own" }),
  })
  .prefault({})
  .meta({ description: "Budget, alarms, people's roles and regions of the account" });

export type GuardrailSettings = z.infer<typeof guardrails>;
