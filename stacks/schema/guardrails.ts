import { z } from "zod";
import { mailAddress, whole } from "./common";
import { waiver } from "./waiver";

const region = z
  .string()
  .regex(/^[a-z]{2}(-gov)?-[a-z]+-[1-9]$/)
  .meta({ description: "AWS region", allowed: "an AWS region such as eu-central-1", mend: "write the region's code" });

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
          waiver: waiver.meta({ description: "Who answers for it and why the organisation may not deny this region" }),
        }),
      )
      .default([])
      .meta({ description: "Regions that the service control policy does not deny, beside the environment's own" }),
  })
  .prefault({})
  .meta({ description: "Budget, alarms, people's roles and regions of the account" });

export type GuardrailSettings = z.infer<typeof guardrails>;
