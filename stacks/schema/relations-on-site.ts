import { storeCapabilities } from "../../components/substrate";
import type { ColocationFootprint } from "./colocation";
import type { OnPremFootprint } from "./on-prem";
import { apart, holds, inside, unique, type BrokenRelation, type Path } from "./networks";

type OnSite = OnPremFootprint | ColocationFootprint;

/** Names, addresses and roles of the machines. */
export function machineRelations(footprint: OnSite): BrokenRelation[] {
  const at = (...path: Path): Path => ["footprint", "machines", ...path];
  const servers = footprint.machines.filter((machine) => machine.role === "server").length;
  return [
    ...unique(
      footprint.machines.map((machine, index) => ({ path: at(index, "name"), value: machine.name })),
      "machine",
    ),
    ...unique(
      [
        { path: ["footprint", "network", "apiServer"], value: footprint.network.apiServer },
        ...footprint.machines.map((machine, index) => ({ path: at(index, "address"), value: machine.address })),
      ],
      "address",
    ),
    ...footprint.machines.flatMap((machine, index) =>
      inside(at(index, "address"), machine.address, footprint.network.cidr, "the machine"),
    ),
    ...(servers >= 3 && servers % 2 === 1
      ? []
      : [
          {
            path: at(),
            found: `${servers} machines with role server`,
            allowed: "3, 5 or another odd number of servers",
            mend: "etcd keeps its quorum when one is lost only with three or more, and an even one adds nothing",
          },
        ]),
  ];
}

/** What the store lacks must be compensated. */
export function objectStoreRelations({ objectStore }: OnSite): BrokenRelation[] {
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

/** Networks of the site. */
export function networkRelations(footprint: OnSite): BrokenRelation[] {
  const { network } = footprint;
  const at = (...path: Path): Path => ["footprint", ...path];
  const [firstAddress = ""] = network.loadBalancerCidr.split("/");
  return [
    ...inside(at("network", "apiServer"), network.apiServer, network.cidr, "the virtual address"),
    ...[network.apiServer, ...footprint.machines.map((machine) => machine.address)]
      .filter((address) => holds(network.loadBalancerCidr, address))
      .map((address) => ({
        path: at("network", "loadBalancerCidr"),
        found: `${network.loadBalancerCidr}, which holds ${address}`,
        allowed: "a range without machines and without the API's address",
        mend: "the load balancer hands these addresses out: give it a range of its own",
      })),
    ...inside(at("network", "loadBalancerCidr"), firstAddress, network.cidr, "the load balancer's range"),
    ...apart([
      { path: at("network", "cidr"), cidr: network.cidr },
      { path: at("network", "podCidr"), cidr: network.podCidr },
      { path: at("network", "serviceCidr"), cidr: network.serviceCidr },
      ...(footprint.kind === "colocation"
        ? [
            { path: at("managementCidr"), cidr: footprint.managementCidr },
            { path: at("siteLink", "companyCidr"), cidr: footprint.siteLink.companyCidr },
          ]
        : []),
    ]),
  ];
}
