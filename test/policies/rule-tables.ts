import type { Fixture } from "./world";
import { ai } from "./tables/ai";
import { apiServer } from "./tables/api-server";
import { audit } from "./tables/audit";
import { availability } from "./tables/availability";
import { dataResidency } from "./tables/data-residency";
import { door } from "./tables/door";
import { encryption } from "./tables/encryption";
import { guard } from "./tables/guard";
import { identity } from "./tables/identity";
import { immutability } from "./tables/immutability";
import { isolation } from "./tables/isolation";
import { locks } from "./tables/locks";
import { rights } from "./tables/rights";
import { supplyChain } from "./tables/supply-chain";
import { transport } from "./tables/transport";
import type { Change, RuleTables } from "./tables/table";

export type { Change, RuleTable } from "./tables/table";

/** What each rule must say of a world, by area, in the order of the pack. */
export const ruleTables: RuleTables = {
  ...encryption,
  ...transport,
  ...apiServer,
  ...immutability,
  ...locks,
  ...isolation,
  ...identity,
  ...rights,
  ...supplyChain,
  ...dataResidency,
  ...audit,
  ...availability,
  ...ai,
  ...guard,
  ...door,
};

/** Applies one change to a world, in place. */
export function change(world: Fixture[], { of, path, value }: Change): Fixture[] {
  if (path === "") return world.filter((fixture) => fixture.name !== of);
  const fixture = world.find((candidate) => candidate.name === of);
  if (!fixture) throw new Error(`no fixture ${of}`);
  if (path === "options.protect") {
    fixture.protect = value as boolean;
    return world;
  }
  const steps = path.split(".");
  const last = steps.pop()!;
  let holder = (steps[0] === "provider" ? fixture : fixture.props) as Record<string, unknown>;
  for (const step of steps) holder = (holder[step] ??= {}) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return world;
}
