import type { GuardrailSettings } from "./guardrails";
import type { BrokenRelation, Path } from "./networks";
import { waiverRelations } from "./waiver";

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
  const waivers = furtherRegions.flatMap(({ waiver }, index) =>
    waiverRelations(at("furtherRegions", index, "waiver"), waiver, now),
  );
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
