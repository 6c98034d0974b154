import type { ColocationFootprint } from "./colocation";
import type { Environment } from "./environment";
import { isWide } from "./address-space";
import { apart, holds, inside, some, unique, within as isWithin, type BrokenRelation, type Path } from "./networks";

const at = (...path: Path): Path => ["footprint", ...path];

/** One network that must lie within another. */
function within(path: Path, cidr: string, outer: string, what: string): BrokenRelation[] {
  if (isWithin(cidr, outer)) return [];
  return [
    {
      path,
      found: cidr,
      allowed: `a network inside ${outer}`,
      mend: `${what} comes through the site link: write a network of the company, or correct siteLink.companyCidr`,
    },
  ];
}

function link(footprint: ColocationFootprint): BrokenRelation[] {
  const { siteLink, network, machines } = footprint;
  const taken = [network.apiServer, ...machines.map((machine) => machine.address)].includes(siteLink.gateway);
  return [
    ...(siteLink.kind === "wireguard" && siteLink.companyPublicKey === undefined
      ? [
          {
            path: at("siteLink", "companyPublicKey"),
            found: "nothing",
            allowed: "the public key of the company's end",
            mend: "ask whoever runs the company's end for the output of `wg pubkey`",
          },
        ]
      : []),
    ...(siteLink.kind === "ipsec" && siteLink.companyPublicKey !== undefined
      ? [
          {
            path: at("siteLink", "companyPublicKey"),
            found: "a key of WireGuard, and the link is IPsec",
            allowed: "one or the other",
            mend: "remove it, or write kind: wireguard",
          },
        ]
      : []),
    ...inside(at("siteLink", "gateway"), siteLink.gateway, network.cidr, "the gateway"),
    ...(taken || holds(network.loadBalancerCidr, siteLink.gateway)
      ? [
          {
            path: at("siteLink", "gateway"),
            found: `${siteLink.gateway}, which is in use in the cluster`,
            allowed: "an address that no machine, the API or the load balancer has",
            mend: "the gateway is a machine of its own: a machine that unlocks through the link cannot carry it",
          },
        ]
      : []),
  ];
}

function keyServers(footprint: ColocationFootprint): BrokenRelation[] {
  const { keyServers: servers, keyServersNeeded, siteLink, network } = footprint;
  const distinct = (["url", "address", "thumbprint"] as const).flatMap((field) =>
    unique(
      servers.map((server, index) => ({ path: at("keyServers", index, field), value: server[field] })),
      `key server's ${field}`,
    ),
  );
  return [
    ...distinct,
    ...servers.flatMap((server, index) =>
      within(at("keyServers", index, "address"), `${server.address}/32`, siteLink.companyCidr, "a key server"),
    ),
    ...(network.vlan === undefined
      ? []
      : [
          {
            path: at("network", "vlan"),
            found: `${network.vlan}`,
            allowed: "an untagged network in a cage",
            mend: "make it the native network of the machines' ports: the early system that asks for a disk's key knows no tags",
          },
        ]),
    ...(keyServersNeeded < servers.length
      ? []
      : [
          {
            path: at("keyServersNeeded"),
            found: `${keyServersNeeded} of ${servers.length}`,
            allowed: `fewer than the ${servers.length} key servers`,
            mend: "add a key server: if all are needed, the loss of one locks every disk",
          },
        ]),
  ];
}

function management(footprint: ColocationFootprint): BrokenRelation[] {
  const { managementAddresses, managementCidr, machines, administrators, siteLink } = footprint;
  const named = Object.entries(managementAddresses);
  const names = machines.map((machine) => machine.name);
  const unnamed = names.filter((name) => !(name in managementAddresses));
  return [
    ...named.flatMap(([name, address]) => [
      ...(names.includes(name)
        ? []
        : [
            {
              path: at("managementAddresses", name),
              found: name,
              allowed: `a machine: ${names.join(", ")}`,
              mend: "correct the name, or remove the line",
            },
          ]),
      ...(holds(managementCidr, address)
        ? inside(at("managementAddresses", name), address, managementCidr, "the controller")
        : [
            {
              path: at("managementAddresses", name),
              found: address,
              allowed: `an address inside ${managementCidr}`,
              mend: "a management controller belongs on the management network alone: move it there",
            },
          ]),
    ]),
    ...unique(
      named.map(([name, address]) => ({ path: at("managementAddresses", name), value: address })),
      "management address",
    ),
    ...(named.length === 0 || unnamed.length === 0
      ? []
      : [
          {
            path: at("managementAddresses"),
            found: `no address for ${some(unnamed)}`,
            allowed: "an address for every machine, or none at all",
            mend: `add ${some(unnamed)} with the address of the management controller`,
          },
        ]),
    ...administrators.flatMap((cidr, index) =>
      within(at("administrators", index), cidr, siteLink.companyCidr, "an administrator"),
    ),
  ];
}

function accessRecords(footprint: ColocationFootprint): BrokenRelation[] {
  const records = footprint.facility.accessRecords;
  if (records === undefined) return [];
  const { network, siteLink, managementCidr } = footprint;
  // Only what lies apart from the drop is told here: how the others stand to each other is told elsewhere.
  const others = [network.cidr, network.podCidr, network.serviceCidr, siteLink.companyCidr, managementCidr];
  const path = at("facility", "accessRecords", "cidr");
  return others
    .flatMap((cidr) =>
      apart([
        { path: at("the cage"), cidr },
        { path, cidr: records.cidr },
      ]),
    )
    .map((broken) => ({
      ...broken,
      found: broken.found.replace(" (footprint.the cage)", ""),
      allowed: "a network of the building's operator, apart from the cage's and the company's",
    }));
}

function backupTarget(footprint: ColocationFootprint): BrokenRelation[] {
  const target = footprint.backupTarget;
  if (target === undefined) return [];
  const countries = [footprint.country, ...footprint.allowedCountries];
  const missing = (["versioning", "object-lock"] as const).filter((needed) => !target.capabilities.includes(needed));
  return [
    ...within(at("backupTarget", "cidr"), target.cidr, footprint.siteLink.companyCidr, "the way to the target"),
    ...(countries.includes(target.country)
      ? []
      : [
          {
            path: at("backupTarget", "country"),
            found: target.country,
            allowed: countries.join(", "),
            mend: "choose a target there, or add the country to allowedCountries once your lawyers agree",
          },
        ]),
    ...missing.map((capability) => ({
      path: at("backupTarget", "capabilities"),
      found: `a target without ${capability}`,
      allowed: "a target with versioning and object-lock",
      mend: "a copy that an intruder can delete is no backup: use a target that has both",
    })),
    ...(target.endpoint === footprint.objectStore.endpoint
      ? [
          {
            path: at("backupTarget", "endpoint"),
            found: `${target.endpoint}, the cage's own store`,
            allowed: "a store elsewhere",
            mend: "what burns with the cage is no second copy: name another store",
          },
        ]
      : []),
  ];
}

/** Clients of the door come through the link, and by no other way. */
function clients({ footprint, platform }: Environment): BrokenRelation[] {
  if (footprint.kind !== "colocation") return [];
  return platform.door.clients.flatMap((client, index) =>
    isWide(client.cidr)
      ? []
      : within(["platform", "door", "clients", index, "cidr"], client.cidr, footprint.siteLink.companyCidr, "a client"),
  );
}

const ofFootprint = [link, keyServers, management, accessRecords, backupTarget];

/** How the settings of a cage stand to each other; of another footprint, nothing. */
export const colocationRelations: readonly ((environment: Environment) => BrokenRelation[])[] = [
  ...ofFootprint.map(
    (relation) =>
      ({ footprint }: Environment) =>
        footprint.kind === "colocation" ? relation(footprint) : [],
  ),
  clients,
];
