import { z } from "zod";
import { policySettings } from "../../services/guard/policy/policy";
import { waiver } from "./waiver";

const loosened = z.strictObject({
  setting: z
    .string()
    .regex(/^[a-zA-Z]+(\.[a-z0-9-]+)*$/)
    .meta({
      description: "The one setting of the policy that is milder than the default",
      allowed: "its path within the policy, such as personalData.prompt or rules.pii.email.answer",
      mend: "copy the path from the message that asked for it",
    }),
  waiver: waiver.meta({ description: "Who answers for it, why, and until when" }),
});

const allowed = policySettings.allowed.unwrap().element.safeExtend({
  waiver: waiver.meta({ description: "Who answers for letting these texts go, why, and until when" }),
});

/** The guard's own policy, and who answers for what is milder in it than where nobody wrote one. */
export const guardPolicySettings = z
  .strictObject({
    ...policySettings,
    allowed: z.array(allowed).max(50).default([]).meta({
      description: "Texts that a rule lets go, such as the company's own public address, each under a waiver",
      allowed: "at most 50 entries",
      mend: "put texts together",
    }),
    loosened: z.array(loosened).max(50).default([]).meta({
      description: "Settings that are milder than the default, each under a waiver; stricter ones need none",
      allowed: "at most 50 entries",
      mend: "remove what is no longer needed",
    }),
  })
  .prefault({})
  .meta({ description: "What the guard looks for and does; where nothing is written it is the safest" });

export type GuardPolicySettings = z.infer<typeof guardPolicySettings>;
