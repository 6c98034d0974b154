import { KitError } from "./kit-error";

/** What one machine has, or one pod asks for. */
export interface Amount {
  /** Cores, or parts of one. */
  readonly cpus: number;
  readonly memoryGib: number;
}

/** Pods that are alike, and where they may run. */
export interface PlacedPods {
  /** As a person knows them: `gateway/guard`. */
  readonly name: string;
  readonly replicas: number;
  /** Pods that run besides for as long as an upgrade takes. */
  readonly surge: number;
  /** What each of them asks for: all of its containers together. */
  readonly each: Amount;
}

/** The machines that carry everything that needs no GPU, and how an environment gets more of them. */
export interface SystemNodes {
  readonly nodes: readonly Amount[];
  /** Where it is said in the environment file, such as `footprint.systemPool`. */
  readonly setting: string;
  /** What a person writes there to have more room. */
  readonly grow: string;
}

/**
 * What a node keeps for itself: kubelet, kernel and eviction threshold (on EKS 0.08 of 4 cores and 1 GiB of 16), what runs on
 * every node (network, storage, identity), and its share of what the cluster brings, such as DNS; rounded up.
 */
export const nodeReserve: Amount = { cpus: 0.5, memoryGib: 2 };

const binary: Readonly<Record<string, number>> = { Ki: 2 ** -20, Mi: 2 ** -10, Gi: 1, Ti: 2 ** 10 };

/** @throws Error for a quantity that the platform's own code does not write: `250m`, `2`, `512Mi`, `4Gi`. */
export function amountOf({ cpu, memory }: { readonly cpu: string; readonly memory: string }): Amount {
  const [, cores, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(cpu) ?? [];
  const [, size, unit = ""] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti)$/.exec(memory) ?? [];
  const factor = binary[unit];
  if (cores === undefined || size === undefined || factor === undefined)
    throw new Error(`${cpu} and ${memory} are no quantities of CPU and memory`);
  return { cpus: Number(cores) / (milli === "m" ? 1000 : 1), memoryGib: Number(size) * factor };
}

const kinds = ["cpus", "memoryGib"] as const;
const times = ({ cpus, memoryGib }: Amount, count: number): Amount => ({
  cpus: cpus * count,
  memoryGib: memoryGib * count,
});
const sum = (amounts: readonly Amount[]): Amount => ({
  cpus: amounts.reduce((total, { cpus }) => total + cpus, 0),
  memoryGib: amounts.reduce((total, { memoryGib }) => total + memoryGib, 0),
});
const most = (amounts: readonly Amount[]): Amount => ({
  cpus: Math.max(0, ...amounts.map(({ cpus }) => cpus)),
  memoryGib: Math.max(0, ...amounts.map(({ memoryGib }) => memoryGib)),
});
const left = ({ cpus, memoryGib }: Amount): Amount => ({
  cpus: cpus - nodeReserve.cpus,
  memoryGib: memoryGib - nodeReserve.memoryGib,
});
const rounded = (value: number): number => Math.round(value * 100) / 100;
const told = ({ cpus, memoryGib }: Amount): string => `${rounded(cpus)} CPUs and ${rounded(memoryGib)} GiB`;
const fits = (wanted: Amount, offered: Amount): boolean => kinds.every((kind) => wanted[kind] <= offered[kind]);

/** What all pods ask for together, with the largest of those that an upgrade starts beside the old ones. */
export const neededBy = (pods: readonly PlacedPods[]): Amount =>
  sum([
    ...pods.map(({ each, replicas }) => times(each, replicas)),
    most(pods.map(({ each, surge }) => times(each, surge))),
  ]);

/** What system nodes offer to the platform's pods. */
export const offeredBy = ({ nodes }: SystemNodes): Amount => sum(nodes.map(left));

/**
 * Whether the system nodes hold what the platform runs on them. A pod for which there is no room waits for ever, and an upgrade
 * that waits for it never ends.
 *
 * @throws KitError with what is asked for, what is offered, and what to change.
 */
export function checkRoom(system: SystemNodes, pods: readonly PlacedPods[]): void {
  const needed = neededBy(pods);
  const offered = offeredBy(system);
  const largest = most(system.nodes.map(left));
  const kept = `${nodeReserve.cpus} CPUs and ${nodeReserve.memoryGib} GiB`;
  const tooLarge = pods
    .filter(({ each }) => !system.nodes.map(left).some((node) => fits(each, node)))
    .map(({ name, each }) => ({
      path: system.setting,
      found: `no node for ${name}, which asks for ${told(each)}`,
      allowed: `at most ${told(largest)}: what the largest node has, less the ${kept} that it keeps for itself`,
      mend: system.grow,
    }));
  const tooMany = fits(needed, offered)
    ? []
    : [
        {
          path: system.setting,
          found: `${told(needed)} asked for by ${pods.reduce((count, { replicas }) => count + replicas, 0)} pods and the largest that an upgrade adds`,
          allowed: `${told(offered)}: what ${system.nodes.length} nodes have, less the ${kept} that each keeps for itself`,
          mend: system.grow,
        },
      ];
  const mistakes = [...tooLarge, ...tooMany];
  if (mistakes.length > 0) throw new KitError("The system nodes have no room for the platform", mistakes);
}
