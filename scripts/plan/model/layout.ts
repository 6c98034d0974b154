import { instanceTypeOf, instanceTypes } from "../../../components/foundation/cluster/instance-types";
import type { Price, Prices } from "../prices/price-schema";
import { gpuFactsOf, gpuServerOf, plainMachines } from "./hardware";
import type { FootprintKind, Needs } from "./needs";

/** One sort of machine of a footprint. */
export interface MachineLine {
  readonly role: "gpu" | "server" | "worker" | "service" | "storage" | "switch";
  /** Instance type, or what the machine is. */
  readonly what: string;
  readonly count: number;
  readonly gpus: number;
  readonly product?: string;
  /** Rated power of all of them, W; a cloud's is not yours to pay. */
  readonly watts: number;
  readonly rackUnits: number;
}

/** An environment's needs, laid out on one footprint. */
export interface Layout {
  readonly footprint: FootprintKind;
  readonly region?: string;
  readonly machines: readonly MachineLine[];
  readonly gpus: number;
  readonly vramGb: number;
  /** Rated power, kW, of the machines alone. */
  readonly ratedKw: number;
  /** What is drawn at the meter on average, kW: rated power × load × PUE; 0 in the cloud, whose power is not yours. */
  readonly meterKw: number;
  readonly rackUnits: number;
  readonly objectStorageTib: number;
  /** Volumes of the cloud's nodes, GiB. */
  readonly volumeGib: number;
  /** What a reader must know of the translation. */
  readonly notes: readonly string[];
}

/** A node's system volume and data volume, GiB, as the kit's node groups make them. */
const volumeGib = { system: 4 + 100, gpu: 4 + 500 } as const;

export function layOut(footprint: FootprintKind, needs: Needs, prices: Prices): Layout {
  return footprint === "private-cloud" ? layOutCloud(needs, prices) : layOutSite(footprint, needs, prices);
}

/** Price of an instance hour in a region; of another region where that one has none, which is then an assumption. */
export function instancePrice(type: string, region: string, prices: Prices): Price | undefined {
  const byRegion = prices.cloud.instances[type] ?? {};
  const own = byRegion[region];
  if (own !== undefined) return own;
  const [other] = Object.entries(byRegion);
  if (other === undefined) return undefined;
  return { ...other[1], basis: "assumption", note: `the price of ${other[0]}: none for ${region} is in the list` };
}

function layOutCloud(needs: Needs, prices: Prices): Layout {
  const region = needs.region ?? prices.cloud.region;
  const notes: string[] = [];
  const pools = needs.pools.map((pool): MachineLine => {
    const { type, nodes } = cloudPool(pool, region, prices);
    const known = instanceTypeOf(type);
    if (known !== undefined && known.regions.length > 0 && !known.regions.includes(region)) {
      notes.push(`${region} does not offer ${type}: pool ${pool.name} would stand in another region`);
    }
    const gpus = nodes * (known?.gpu?.count ?? pool.gpusPerNode);
    return { role: "gpu", what: type, count: nodes, gpus, product: pool.product, watts: 0, rackUnits: 0 };
  });
  const plain = new Map<string, number>();
  for (const worker of needs.workers) {
    const type = worker.instanceType ?? fitting(worker, region, prices);
    plain.set(type, (plain.get(type) ?? 0) + 1);
  }
  const workers = [...plain].map(([what, count]): MachineLine => ({
    role: "worker",
    what,
    count,
    gpus: 0,
    watts: 0,
    rackUnits: 0,
  }));
  const nodes = (lines: readonly MachineLine[]) => lines.reduce((sum, { count }) => sum + count, 0);
  return total("private-cloud", [...pools, ...workers], prices, {
    region,
    volumeGib: nodes(workers) * volumeGib.system + nodes(pools) * volumeGib.gpu,
    notes,
  });
}

/** The cheapest priced type with the pool's GPU, with no fewer nodes than the pool has, so that one may be replaced. */
function cloudPool(pool: Needs["pools"][number], region: string, prices: Prices): { type: string; nodes: number } {
  if (pool.instanceType !== undefined) return { type: pool.instanceType, nodes: pool.nodes };
  const wanted = pool.nodes * pool.gpusPerNode;
  const candidates = Object.entries(instanceTypes).flatMap(([type, { gpu }]) => {
    const hour = instancePrice(type, region, prices);
    if (gpu?.product !== pool.product || hour === undefined || gpu.count < pool.gpusPerNode) return [];
    const nodes = Math.max(pool.nodes, Math.ceil(wanted / gpu.count));
    return [{ type, nodes, cost: nodes * hour.amount }];
  });
  const [best] = candidates.sort((left, right) => left.cost - right.cost);
  return best ?? { type: `no instance type with ${pool.product}`, nodes: pool.nodes };
}

/** The smallest general instance that holds a worker. */
function fitting(worker: Needs["workers"][number], region: string, prices: Prices): string {
  const fits = Object.entries(instanceTypes)
    .filter(([, { gpu, vcpus, memoryGib }]) => !gpu && vcpus >= worker.cpus && memoryGib >= worker.memoryGib)
    .map(([type]) => ({ type, amount: instancePrice(type, region, prices)?.amount ?? Infinity }))
    .sort((left, right) => left.amount - right.amount);
  return fits[0]?.type ?? "m7i.48xlarge";
}

function layOutSite(footprint: "colocation" | "on-prem", needs: Needs, prices: Prices): Layout {
  const line = (
    role: MachineLine["role"],
    what: string,
    kind: keyof typeof plainMachines,
    count: number,
  ): MachineLine => ({
    role,
    what,
    count,
    gpus: 0,
    watts: count * plainMachines[kind].watts,
    rackUnits: count * plainMachines[kind].rackUnits,
  });
  const pools = needs.pools.map(({ name, product, gpusPerNode, nodes }): MachineLine => {
    const { facts } = gpuServerOf(product, prices);
    return {
      role: "gpu",
      what: `GPU server of pool ${name}`,
      count: nodes,
      gpus: nodes * gpusPerNode,
      product,
      watts: nodes * (facts.chassisWatts + gpusPerNode * facts.watts),
      rackUnits: nodes * facts.rackUnits,
    };
  });
  // A rack keeps running when one worker is serviced; small cloud nodes become few whole machines.
  const workers = needs.from === "private-cloud" ? 2 : Math.max(1, needs.workers.length);
  const storageNodes = Math.max(3, Math.ceil(prices.objectStorageTib.value / 50));
  return total(
    footprint,
    [
      ...pools,
      line("server", "server of the control plane", "server", Math.max(3, needs.servers)),
      line("worker", "worker", "worker", workers),
      // Registry and key manager stand outside the cluster they feed; a cage has the link's gateway too.
      line("service", "registry, key manager", "serviceServer", footprint === "colocation" ? 3 : 2),
      line("storage", "object store with lock", "storageNode", storageNodes),
      line("switch", "switch", "switch", 2),
    ],
    prices,
    { volumeGib: 0, notes: [] },
  );
}

function total(
  footprint: FootprintKind,
  machines: readonly MachineLine[],
  prices: Prices,
  rest: Pick<Layout, "region" | "volumeGib" | "notes">,
): Layout {
  const sum = (pick: (line: MachineLine) => number) => machines.reduce((all, line) => all + pick(line), 0);
  return {
    footprint,
    machines,
    gpus: sum(({ gpus }) => gpus),
    vramGb: sum(({ gpus, product }) => gpus * (gpuFactsOf(product ?? "", prices)?.memoryGb ?? 0)),
    ratedKw: sum(({ watts }) => watts) / 1000,
    meterKw:
      footprint === "private-cloud"
        ? 0
        : (sum(({ watts }) => watts) / 1000) * prices.load.power.value * prices[footprint].pue.value,
    rackUnits: sum(({ rackUnits }) => rackUnits),
    objectStorageTib: prices.objectStorageTib.value,
    ...rest,
  };
}
