import type { Lab } from "../lab/lab";
import { Balancer } from "./balancer";
import { Load } from "./load";
import { partsOf } from "./parts";
import { allProven } from "./record";
import { reckon, type Reckoning } from "./reckoning";
import { seeded, shuffled } from "./seeded";

export interface KillOptions {
  /** How often something is killed in all; each process as often as the others, within one. */
  readonly count: number;
  /** What the order and the moments follow from. */
  readonly seed: number;
  /** Requests at once. Default: 8. */
  readonly width?: number;
  /** Wait until the ledgers have recorded what was interrupted: twice the longest answer. Default: false. */
  readonly untilClosed?: boolean;
  readonly onKill?: (done: number, name: string) => void;
}

export interface KillReport extends Reckoning {
  readonly seed: number;
  /** By process. */
  readonly kills: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** Pieces of answers after which, at most, the next process is killed. */
const longestWait = 60;
/** Pieces of answers that have to come once all is up again. */
const afterwards = 100;

/** Kills processes of a lab that is asked all the while, one after another, each at a moment that nobody chose. */
export async function killUnderLoad(lab: Lab, options: KillOptions): Promise<KillReport> {
  const { count, seed, width = 8, untilClosed = false, onKill } = options;
  const begun = Date.now();
  const numbers = seeded(seed);
  const names = partsOf(lab).map(({ name }) => name);
  const rounds = Array.from({ length: Math.ceil(count / names.length) }, () => shuffled(names, numbers));
  const order = rounds.flat().slice(0, count);
  const balancer = await Balancer.start(lab.doors);
  const load = new Load({ lab, title: "kills", port: balancer.port, width });
  try {
    for (const [index, name] of order.entries()) {
      await load.progress(1 + Math.floor(numbers.next().value * longestWait));
      await lab.restart(name, "SIGKILL");
      onKill?.(index + 1, name);
    }
    await load.progress(afterwards);
  } finally {
    await load.stop();
    await balancer.stop();
  }
  let reckoning = await reckon(lab, load.outcomes, await allProven(lab));
  while (untilClosed && reckoning.open > 0) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    reckoning = await reckon(lab, load.outcomes, await allProven(lab));
  }
  const kills = Object.fromEntries(names.map((name) => [name, order.filter((one) => one === name).length]));
  return { ...reckoning, seed, kills, seconds: (Date.now() - begun) / 1000 };
}
