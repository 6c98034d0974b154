import type { PrivateCloudFootprint } from "./private-cloud";
import { guardrailRelations } from "./relations-guardrails";
import { nodePoolRelations } from "./relations-node-pools";
import { privateNetworkRelations } from "./relations-private-network";
import { waiverRelations } from "./waiver";
import { unique, type BrokenRelation, type Path } from "./networks";

/** What a VPC must keep to. */
export function privateCloudRelations(footprint: PrivateCloudFootprint): BrokenRelation[] {
  const at = (...path: Path): Path => ["footprint", ...path];
  return [
    ...footprint.availabilityZones.flatMap((zone, index): BrokenRelation[] =>
      zone.slice(0, -1) === footprint.region
        ? []
        : [
            {
              path: at("availabilityZones", index),
              found: zone,
              allowed: `a zone of ${footprint.region}`,
              mend: "keep every zone in the environment's region: data does not leave it",
            },
          ],
    ),
    ...unique(
      footprint.availabilityZones.map((value, index) => ({ path: at("availabilityZones", index), value })),
      "zone",
    ),
    ...privateNetworkRelations(footprint, Date.now()),
    ...nodePoolRelations(footprint),
    ...installer(footprint),
    ...footprint.administrators.flatMap((role, index): BrokenRelation[] =>
      // An account written without quotation marks is a number here, and a mistake of its own.
      role.split(":")[4] === String(footprint.account)
        ? []
        : [
            {
              path: at("administrators", index),
              found: `a role of account ${role.split(":")[4] ?? ""}`,
              allowed: `a role of account ${footprint.account}`,
              mend: "name a role of the environment's own account: another account's roles are not governed here",
            },
          ],
    ),
    ...unique(
      footprint.administrators.map((value, index) => ({ path: at("administrators", index), value })),
      "administrator",
    ),
    ...unique(
      footprint.gpuPools.map((pool, index) => ({ path: at("gpuPools", index, "name"), value: pool.name })),
      "pool",
    ),
    ...guardrailRelations(footprint.guardrails, footprint.account, Date.now()),
  ];
}

/** Whoever may do everything in the cluster is one of those who answer for it, and not for long. */
function installer({ installer, administrators }: PrivateCloudFootprint): BrokenRelation[] {
  if (installer === undefined) return [];
  const at: Path = ["footprint", "installer"];
  return [
    ...(administrators.includes(installer.role)
      ? []
      : [
          {
            path: [...at, "role"],
            found: installer.role,
            allowed: administrators.join(", "),
            mend: "name one of the administrators",
          },
        ]),
    ...waiverRelations(at, installer, Date.now()),
  ];
}
