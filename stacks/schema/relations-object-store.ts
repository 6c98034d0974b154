import { storeCapabilities } from "../../components/substrate";
import type { ColocationFootprint } from "./colocation";
import type { OnPremFootprint } from "./on-prem";
import type { BrokenRelation, Path } from "./networks";

/** What the store lacks must be compensated. */
export function objectStoreRelations({ objectStore }: OnPremFootprint | ColocationFootprint): BrokenRelation[] {
  const path: Path = ["footprint", "objectStore"];
  return storeCapabilities.flatMap((capability): BrokenRelation[] => {
    const has = objectStore.capabilities.includes(capability);
    const compensation = objectStore.compensations[capability];
    if (has && compensation !== undefined) {
      return [
        {
          path: [...path, "compensations", capability],
          found: "a compensation for a capability that the store has",
          allowed: "one or the other",
          mend: "remove the compensation, or the capability",
        },
      ];
    }
    if (has) return [];
    if (capability === "versioning" || capability === "object-lock") {
      return [
        {
          path: [...path, "capabilities"],
          found: `a store without ${capability}`,
          allowed: "a store with versioning and object-lock",
          mend: "nothing takes their place for the audit record: use a store that has both, such as Ceph RGW",
        },
      ];
    }
    if (compensation !== undefined) return [];
    return [
      {
        path: [...path, "compensations", capability],
        found: `nothing, and the store lacks ${capability}`,
        allowed: "the capability, or a sentence that names what takes its place",
        mend: `add compensations.${capability}, or ${capability} to the capabilities if the store has it`,
      },
    ];
  });
}
