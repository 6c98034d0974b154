import { z } from "zod";
import { longestWaiver } from "../../policies/waivers/judge-waivers";
import { personOf } from "../../policies/waivers/person";
import { mailAddress } from "./common";
import type { BrokenRelation, Path } from "./networks";

/** Who answers for loosening something, who else agreed, why, and until when. */
export const waiver = z.strictObject({
  owner: mailAddress("Who answers for it"),
  approver: mailAddress("Who agreed; somebody else than the owner"),
  reason: z.string().min(20).meta({
    description: "Why it is needed",
    allowed: "a sentence of 20 characters or more",
    mend: "say why it is needed and what keeps the promise meanwhile",
  }),
  expires: z.iso.date().meta({
    description: "Last day of the waiver",
    allowed: "a date, at most 90 days from now",
    mend: "write the day as 2026-12-31; ask anew when it has passed",
  }),
});

export type Waiver = z.infer<typeof waiver>;

const day = 24 * 60 * 60 * 1000;

/** Nobody waives for themselves, nor for longer than 90 days. `now`: milliseconds since 1970. */
export function waiverRelations(path: Path, { owner, approver, expires }: Waiver, now: number): BrokenRelation[] {
  const left = Math.ceil((Date.parse(expires) + day - now) / day);
  return [
    ...(personOf(owner) === personOf(approver)
      ? [
          {
            path: [...path, "approver"],
            found: approver,
            allowed: "somebody else than the owner",
            mend: "have another person agree: nobody waives for themselves",
          },
        ]
      : []),
    ...(left >= 1 && left <= longestWaiver + 1
      ? []
      : [
          {
            path: [...path, "expires"],
            found: expires,
            allowed: `a day from today to ${longestWaiver} days from now`,
            mend: "remove what is waived, or have the waiver agreed to anew",
          },
        ]),
  ];
}
