import type { NodeGroupPlan } from "./node-groups-plan";

/** Tenancy, host and group of a pool's nodes: hardware of one's own, always. */
export function placementOf({ host, placementGroup }: NodeGroupPlan, groupName: string | undefined) {
  if (host?.kind === "resource-group") return { tenancy: "host", hostResourceGroupArn: host.resourceGroup };
  if (host?.kind === "host") return { tenancy: "host", hostId: host.host };
  return { tenancy: "dedicated", ...(placementGroup && groupName !== undefined ? { groupName } : {}) };
}

/** What a launch template says of capacity that was bought. A block is a market of its own, beside on-demand and spot. */
export function capacityOf({ capacity, instanceType }: NodeGroupPlan) {
  if (capacity === undefined) return {};
  const capacityReservationSpecification = {
    capacityReservationTarget: { capacityReservationId: capacity.reservation },
  };
  return capacity.kind === "block"
    ? { capacityReservationSpecification, instanceMarketOptions: { marketType: "capacity-block" }, instanceType }
    : { capacityReservationSpecification };
}

/** The kind of capacity as EKS names it, and where the instance type is said: for a block, in the template alone. */
export function purchaseOf({ capacity, instanceType }: NodeGroupPlan) {
  return capacity?.kind === "block" ? { capacityType: "CAPACITY_BLOCK" } : { instanceTypes: [instanceType] };
}

export interface NetworkCardPlan {
  readonly networkCardIndex: number;
  /** 0 on the first card, which carries the node's address; 1 on each other. */
  readonly deviceIndex: 0 | 1;
  /** `efa` has an address as well; `efa-only` has none, and takes none of the subnet's. */
  readonly interfaceType: "efa" | "efa-only";
}

/** One Elastic Fabric Adapter on each network card; none where the pool wants none, and EKS makes the one interface. */
export const networkCardsOf = ({ efaInterfaces }: NodeGroupPlan): NetworkCardPlan[] =>
  Array.from({ length: efaInterfaces }, (_, networkCardIndex) => ({
    networkCardIndex,
    deviceIndex: networkCardIndex === 0 ? 0 : 1,
    interfaceType: networkCardIndex === 0 ? "efa" : "efa-only",
  }));
