import { KitError } from "../../../components/kit-error";
import type { Price, Prices } from "../prices/price-schema";

/** What one GPU has and draws, as its maker's datasheet says. */
export interface GpuFacts {
  /** Video memory of one GPU, GB of 10^9 bytes as datasheets count. */
  readonly memoryGb: number;
  /** Thermal design power of one GPU, W. */
  readonly watts: number;
  /** A server that carries them: what it draws beside its GPUs at full load, and its height in rack units. */
  readonly chassisWatts: number;
  readonly rackUnits: number;
  readonly source: string;
}

/** By the product label that NVIDIA's device plugin gives. */
export const gpuFacts: Readonly<Record<string, GpuFacts>> = {
  "NVIDIA-L40S": {
    memoryGb: 48,
    watts: 350,
    // An eight-GPU system was seen at 4.3 to 5 kW, 2.8 kW of it in the GPUs; the upper end is taken.
    chassisWatts: 2200,
    rackUnits: 5,
    source: "NVIDIA L40S datasheet; server: ServeTheHome on the Supermicro SYS-521GE-TNRT",
  },
  "NVIDIA-A100-SXM4-80GB": {
    memoryGb: 80,
    watts: 400,
    // 6.5 kW at most, 3.2 kW of it in eight GPUs; 26.4 cm are six rack units.
    chassisWatts: 3300,
    rackUnits: 6,
    source: "NVIDIA A100 datasheet; server: NVIDIA DGX A100 documentation",
  },
  "NVIDIA-H100-80GB-HBM3": {
    memoryGb: 80,
    watts: 700,
    // 10.2 kW at most, 5.6 kW of it in eight GPUs.
    chassisWatts: 4600,
    rackUnits: 8,
    source: "NVIDIA H100 datasheet; server: NVIDIA DGX H100 data center design guide",
  },
};

/** What is known of a GPU: by the file of prices where it says so, else by the kit; undefined where neither does. */
export function gpuFactsOf(product: string, prices: Prices): Omit<GpuFacts, "source"> | undefined {
  const own = prices.hardware.gpuServers[product]?.facts;
  if (own === undefined) return gpuFacts[product];
  return {
    memoryGb: own.memoryGb.value,
    watts: own.watts.value,
    chassisWatts: own.chassisWatts.value,
    rackUnits: own.rackUnits.value,
  };
}

/**
 * A GPU server of a rack or a cage: what it costs, and what it draws and takes up.
 *
 * @throws KitError where the product has no entry: nobody publishes such prices, and the kit invents none.
 */
export function gpuServerOf(
  product: string,
  prices: Prices,
): { readonly chassis: Price; readonly gpu: Price; readonly facts: Omit<GpuFacts, "source"> } {
  const server = prices.hardware.gpuServers[product];
  const facts = gpuFactsOf(product, prices);
  if (server !== undefined && facts !== undefined) return { chassis: server.chassis, gpu: server.gpu, facts };
  const known = Object.keys(prices.hardware.gpuServers).filter((name) => gpuFactsOf(name, prices) !== undefined);
  const parts = [
    ...(server === undefined ? ["chassis and gpu (each amount, currency)"] : []),
    ...(facts === undefined ? ["facts: memoryGb, watts, chassisWatts and rackUnits (each value)"] : []),
  ];
  throw new KitError("A GPU server has no price", [
    {
      path: `prices.yaml hardware.gpuServers.${product}`,
      found: server === undefined ? "no entry" : "no facts",
      allowed: `an entry for the product; there is one for ${known.join(", ")}`,
      mend:
        "ask for an offer, and write in stacks/<environment>/prices.yaml, or in a file that --prices names, " +
        `under hardware.gpuServers.${product}: ${parts.join("; ")}, with asOf, source and basis`,
    },
  ]);
}

/** Machines without GPUs, by what the kit needs of them; rated watts are the kit's own assumption. */
export const plainMachines = {
  server: { watts: 500, rackUnits: 1 },
  worker: { watts: 800, rackUnits: 1 },
  serviceServer: { watts: 400, rackUnits: 1 },
  switch: { watts: 300, rackUnits: 1 },
  /** One node of the object store for each 50 usable TiB, three at least so that one may fail. */
  storageNode: { watts: 500, rackUnits: 2 },
} as const;

/** What is known of a model's weights: parameters × 2 bytes (bfloat16), GB of 10^9 bytes. */
export const weights: Readonly<Record<string, { readonly gigabytes: number; readonly source: string }>> = {
  "qwen3-8b": { gigabytes: 16.4, source: "8.2 billion parameters (model card of Qwen3-8B) × 2 bytes" },
  "llama-3.1-8b-instruct": {
    gigabytes: 16.07,
    source: "size of Llama 3.1 8B at 2 bytes for each parameter, as agentwiki.org tells it",
  },
};
