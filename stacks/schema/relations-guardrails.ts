import type { GuardrailSettings } from "./guardrails";
import type { BrokenRelation, Path } from "./networks";

const day = 24 * 60 * 60 * 1000;
/** Longest time for which anything may be waived, days. */
const longestWaiver = 90;

/**
 * What the guardrails of an account must keep to.
 *
 * @param account the environment's own, 12 digits.
 * @param now milliseconds since 1970, for what expires.
 */
export function guardrailRelations(
  { furtherRegions, humanRoles }: GuardrailSettings,
  account: string,
  now: number,
): BrokenRelation[] {
  const at = (...path: Path): Path => ["footprint", "guardrails", ...path];
  const waivers = furtherRegions.flatMap(({ owner, approver, expires }, index): BrokenRelation[] => {
    const left = Math.ceil((Date.parse(expires) + day - now) / day);
    return [
      ...(owner === approver
        ? [
            {
              path: at("furtherRegions", index, "approver"),
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
              path: at("furtherRegions", index, "expires"),
              found: expires,
              allowed: `a day from today to ${longestWaiver} days from now`,
              mend: "remove the region, or have the waiver agreed to anew",
            },
          ]),
    ];
  });
  const strangers = humanRoles.flatMap((role, index): BrokenRelation[] =>
    role.split(":")[4] === String(account)
      ? []
      : [
          {
            path: at("humanRoles", index),
            found: `a role of account ${role.split(":")[4] ?? ""}`,
            allowed: `a role of account ${account}`,
            mend: "name a role of the environment's own account: another account's roles are not governed here",
          },
        ],
  );
  return [...waivers, ...strangers];
}
