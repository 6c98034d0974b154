import { planLinkFlows, type ColocationEnvironment } from "../../components/foundation/colocation/link-flows";
import { interfaceServices } from "../../components/foundation/network/endpoints-plan";
import { planSubnets } from "../../components/foundation/network/network-plan";
import type { OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import type { PrivateCloudEnvironment } from "../../components/foundation/private-cloud/private-cloud-plan";
import type { Environment } from "../../stacks/environment";

/** A part of the network plan in words: what the picture shows, for those who do not see it. */
export interface NetworkTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The network plan of an environment as tables. */
export function networkTables(environment: Environment): NetworkTable[] {
  if (environment.footprint.kind === "private-cloud") return ofPrivateCloud(environment as PrivateCloudEnvironment);
  const site = ofSite(environment as OnSiteEnvironment);
  return environment.footprint.kind === "colocation"
    ? [...site, ...ofCage(environment as ColocationEnvironment)]
    : site;
}

function ofPrivateCloud({ footprint }: PrivateCloudEnvironment): NetworkTable[] {
  const subnets = planSubnets(footprint.network.cidr, footprint.availabilityZones);
  return [
    {
      title: `Subnets of ${footprint.network.cidr}`,
      head: ["tier", "availability zone", "network"],
      rows: subnets.map(({ tier, availabilityZone, cidr }) => [tier, availabilityZone, cidr]),
    },
    {
      title: "Endpoints: all that the VPC reaches outside itself",
      head: ["AWS service", "name"],
      rows: interfaceServices.map((service) => [service, `com.amazonaws.${footprint.region}.${service}`]),
    },
  ];
}

function ofSite({ footprint }: OnSiteEnvironment): NetworkTable[] {
  const { network, machines, objectStore } = footprint;
  const routes = network.routes.map(({ to, via }) => [`way out to ${to}`, `by ${via}`]);
  const tag = network.vlan === undefined ? "" : `, VLAN ${network.vlan}`;
  const storage = network.storage ? [["storage network", `${network.storage.cidr}, VLAN ${network.storage.vlan}`]] : [];
  return [
    {
      title: "Networks and fixed addresses",
      head: ["what", "address"],
      rows: [
        ["machines' network", `${network.cidr}${tag}`],
        ["Kubernetes API", network.apiServer],
        ["the door's range", network.loadBalancerCidr],
        ["object store", objectStore.cidr],
        ["name servers", network.dns.join(", ")],
        ["time servers", network.ntp.join(", ")],
        ...storage,
        ["pods, inside the cluster", network.podCidr],
        ["services, inside the cluster", network.serviceCidr],
        ["default route", "none"],
        ...routes,
      ],
    },
    {
      title: "Machines",
      head: ["name", "role", "address", "GPUs"],
      rows: machines.map(({ name, role, address, gpu }) => [
        name,
        role,
        address,
        gpu ? `${gpu.count} × ${gpu.product}` : "none",
      ]),
    },
  ];
}

function ofCage(environment: ColocationEnvironment): NetworkTable[] {
  const { siteLink, keyServers, managementCidr, administrators, backupTarget, facility } = environment.footprint;
  const records = facility.accessRecords;
  const ties: NetworkTable = {
    title: "What ties the cage to the company",
    head: ["what", "address"],
    rows: [
      [`link, by ${siteLink.kind === "wireguard" ? "WireGuard" : "IPsec"}`, `${siteLink.gateway} to ${siteLink.peer}`],
      ["company behind it", siteLink.companyCidr],
      ...keyServers.map(({ url, address }) => [`key server ${url}`, address]),
      ["management network", managementCidr],
      ["who reaches it", administrators.length === 0 ? "nobody" : administrators.join(", ")],
      ["second copy of the backups", backupTarget ? `${backupTarget.endpoint}, ${backupTarget.cidr}` : "none"],
      ["records of who entered the cage", records ? `${records.host}, port ${records.port}` : "nowhere declared"],
    ],
  };
  const passing: NetworkTable = {
    title: "All that passes the cage's gateway",
    head: ["from", "to", "TCP port", "why"],
    rows: planLinkFlows(environment).map(({ from, to, port, why }) => [
      `${from.side}: ${from.cidrs.join(", ")}`,
      `${to.side}: ${to.cidrs.join(", ")}`,
      `${port}`,
      why,
    ]),
  };
  return [ties, passing];
}
