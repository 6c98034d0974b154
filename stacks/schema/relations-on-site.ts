import type { ColocationFootprint } from "./colocation";
import type { Environment } from "./environment";
import type { OnPremFootprint } from "./on-prem";
import { inPrivateSpace, isWide, narrow } from "./address-space";
import { apart, holds, inside, some, unique, within, type BrokenRelation, type Path } from "./networks";

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
    ...hardware(footprint, at),
    ...storageAddresses(footprint, at),
    ...gpuPools(footprint, at),
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

/** No card and no disk is listed twice: the second machine would boot as the first, or wipe what is not its own. */
function hardware({ machines }: OnSite, at: (...path: Path) => Path): BrokenRelation[] {
  const disks = machines.flatMap(({ name, systemDisk, dataDisks }, index) =>
    [systemDisk, ...dataDisks].map((disk, place) => ({
      path: place === 0 ? at(index, "systemDisk") : at(index, "dataDisks", place - 1),
      // A path says which slot, and every machine has the same slots; a serial number is the disk's own.
      value: disk.startsWith("/dev/") ? `${disk} of ${name}` : disk,
    })),
  );
  const cards = machines.flatMap(({ macs }, index) =>
    macs.map((mac, place) => ({ path: at(index, "macs", place), value: mac })),
  );
  return [...unique(cards, "network card"), ...unique(disks, "disk")];
}

/** A pool's machines are alike: a model is placed on a pool, and any of its machines must be able to run it. */
function gpuPools({ machines }: OnSite, at: (...path: Path) => Path): BrokenRelation[] {
  return machines.flatMap(({ gpu }, index): BrokenRelation[] => {
    const first = machines.find((machine) => machine.gpu !== undefined && machine.gpu.pool === gpu?.pool);
    if (gpu === undefined || first?.gpu === undefined) return [];
    if (gpu.product === first.gpu.product && gpu.count === first.gpu.count) return [];
    return [
      {
        path: at(index, "gpu"),
        found: `${gpu.count} × ${gpu.product} in pool ${gpu.pool}`,
        allowed: `${first.gpu.count} × ${first.gpu.product}, as ${first.name} of that pool has`,
        mend: "give the machine a pool of its own: those of one pool are alike",
      },
    ];
  });
}

/** With a storage network each machine has an address on it; without one, none has. */
function storageAddresses({ machines, network }: OnSite, at: (...path: Path) => Path): BrokenRelation[] {
  const given = machines.map((machine, index) => ({
    path: at(index, "storageAddress"),
    value: machine.storageAddress,
  }));
  const { storage } = network;
  if (storage === undefined) {
    return given.flatMap(({ path, value }) =>
      value === undefined
        ? []
        : [
            {
              path,
              found: `${value}, and the site has no storage network`,
              allowed: "no storageAddress",
              mend: "describe the network as network.storage, or remove the address",
            },
          ],
    );
  }
  const addresses = given.flatMap(({ path, value }) => (value === undefined ? [] : [{ path, value }]));
  return [
    ...given.flatMap(({ path, value }) =>
      value === undefined
        ? [{ path, found: "nothing", allowed: `an address inside ${storage.cidr}`, mend: "give each machine one" }]
        : inside(path, value, storage.cidr, "the storage address", "the storage network"),
    ),
    ...unique(addresses, "storage address"),
  ];
}

/** Name servers, time servers and routers are on the machines' own network: there is no way to any other. */
function neighbours({ network, machines }: OnSite, at: (...path: Path) => Path): BrokenRelation[] {
  const taken = [network.apiServer, ...machines.map(({ address }) => address)];
  return [
    ...network.dns.flatMap((address, index) => inside(at("dns", index), address, network.cidr, "the name server")),
    ...network.ntp.flatMap((address, index) => inside(at("ntp", index), address, network.cidr, "the time server")),
    ...network.routes.flatMap(({ via, to }, index): BrokenRelation[] => [
      ...inside(at("routes", index, "via"), via, network.cidr, "the router"),
      ...(taken.includes(via)
        ? [
            {
              path: at("routes", index, "via"),
              found: `${via}, which a machine or the API has`,
              allowed: "a router's address",
              mend: "name the router: the machines forward nothing",
            },
          ]
        : []),
      ...narrow(
        [{ path: at("routes", index, "to"), cidr: to }],
        "name the company's networks one by one: a default route would lead out",
      ),
    ]),
  ];
}

/** Who may knock must be answered: a machine has no default route. */
export function routesBack({ footprint, platform }: Environment): BrokenRelation[] {
  if (footprint.kind !== "on-prem") return [];
  const { cidr, routes } = footprint.network;
  const reachable = [cidr, ...routes.map(({ to }) => to)];
  return platform.door.clients.flatMap((client, index): BrokenRelation[] => {
    if (isWide(client.cidr) || reachable.some((network) => within(client.cidr, network))) return [];
    return [
      {
        path: ["platform", "door", "clients", index, "cidr"],
        found: `${client.cidr}, to which no route leads`,
        allowed: `a network inside ${reachable.join(" or ")}`,
        mend: "add a route to it under footprint.network.routes, or correct the network",
      },
    ];
  });
}

/** Networks of the site. */
export function networkRelations(footprint: OnSite): BrokenRelation[] {
  const { network } = footprint;
  const at = (...path: Path): Path => ["footprint", ...path];
  const handedOut = [network.apiServer, ...footprint.machines.map((machine) => machine.address)].filter((address) =>
    holds(network.loadBalancerCidr, address),
  );
  const path = at("network", "loadBalancerCidr");
  const company = [
    ...network.routes.map(({ to }, index) => ({ path: at("network", "routes", index, "to"), cidr: to })),
    ...(footprint.kind === "colocation"
      ? [{ path: at("siteLink", "companyCidr"), cidr: footprint.siteLink.companyCidr }]
      : []),
    // What is as wide as the internet overlaps everything, and is told as such.
  ].filter(({ cidr }) => !isWide(cidr));
  const networks = [
    { path: at("network", "cidr"), cidr: network.cidr },
    { path: at("network", "podCidr"), cidr: network.podCidr },
    { path: at("network", "serviceCidr"), cidr: network.serviceCidr },
    ...(network.storage === undefined ? [] : [{ path: at("network", "storage", "cidr"), cidr: network.storage.cidr }]),
    ...(footprint.kind === "colocation" ? [{ path: at("managementCidr"), cidr: footprint.managementCidr }] : []),
    ...company,
  ];
  return [
    ...inside(at("network", "apiServer"), network.apiServer, network.cidr, "the virtual address"),
    ...(handedOut.length === 0
      ? []
      : [
          {
            path,
            found: `${network.loadBalancerCidr}, which holds ${some(handedOut)}`,
            allowed: "a range without machines and without the API's address",
            mend: "the load balancer hands these addresses out: give it a range of its own",
          },
        ]),
    ...(within(network.loadBalancerCidr, network.cidr)
      ? []
      : [
          {
            path,
            found: network.loadBalancerCidr,
            allowed: `a network inside ${network.cidr}`,
            mend: "move the load balancer's range into the machines' network, or widen it",
          },
        ]),
    ...apart([
      { path: at("objectStore", "cidr"), cidr: footprint.objectStore.cidr },
      { path, cidr: network.loadBalancerCidr },
    ]),
    ...neighbours(footprint, (...path) => at("network", ...path)),
    ...apart(networks),
    ...inPrivateSpace(networks),
    ...(footprint.kind === "colocation"
      ? narrow(
          [{ path: at("siteLink", "companyCidr"), cidr: footprint.siteLink.companyCidr }],
          "name the company's own network: a link to all of the internet is a way out",
        )
      : []),
  ];
}
