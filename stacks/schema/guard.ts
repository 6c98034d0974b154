import { z } from "zod";
import { text } from "./common";
import { classifier, presidio } from "./guard-analysers";
import { guardPolicySettings } from "./guard-policy";

/** How the guard is set up. */
export const guard = z.strictObject({
  quarantineRecipients: z
    .array(
      text(
        /^age1[02-9ac-hj-np-z]{58}$/,
        "Public key of one who may read what was held back",
        "an age recipient: age1 and 58 characters",
        "run `age-keygen` where the key is kept, and write its public half",
      ),
    )
    .min(1)
    .max(8)
    .meta({
      description:
        "Who may read what the guard held back: it is encrypted for them, and the platform itself cannot read it",
      allowed: "1 to 8 age recipients",
      mend: "name the first of them",
    }),
  policy: guardPolicySettings,
  presidio,
  classifier,
});
