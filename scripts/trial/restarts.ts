import { connectionNoticeSeconds, connectionSeconds } from "../../components/platform/gateway/envoy-http";
import type { Lab } from "../lab/lab";
import type { PlannedProcess } from "../lab/process-plan";
import { Balancer } from "./balancer";
import { allBelieved, connectionsOf } from "./envoy-state";
import { Load } from "./load";
import { partsOf } from "./parts";
import { allProven } from "./record";
import { reckon, type Reckoning } from "./reckoning";

export interface RestartOptions {
  /** Requests at once. Default: 8. */
  readonly width?: number;
  /**
   * Requests after which an application gives a connection up. Default: it keeps it as long as the door lets it, which is two
   * minutes, and as long is waited for.
   */
  readonly requestsPerConnection?: number;
  readonly onRestart?: (name: string, seconds: number) => void;
}

export interface RestartReport extends Reckoning {
  /** Pods, in the order in which they were restarted. */
  readonly restarted: readonly string[];
  readonly seconds: number;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** Restarts every pod of a lab that is asked all the while, one after another, as a cluster does it. */
export async function restartUnderLoad(lab: Lab, options: RestartOptions = {}): Promise<RestartReport> {
  const { width = 8, requestsPerConnection, onRestart } = options;
  const begun = Date.now();
  const balancer = await Balancer.start(lab.doors);
  const load = new Load({ lab, title: "restarts", port: balancer.port, width, requestsPerConnection });
  const restarted: string[] = [];
  try {
    for (const pod of podsOf(lab)) {
      const start = Date.now();
      const [first] = pod;
      if (first?.container === "envoy") await replaceDoor(lab, first, balancer);
      else await replace(lab, pod);
      while (!(await allBelieved(lab))) await pause();
      // The next one goes while answers flow.
      await load.progress(20);
      restarted.push(first?.pod ?? "");
      onRestart?.(first?.pod ?? "", (Date.now() - start) / 1000);
    }
  } finally {
    await load.stop();
    await balancer.stop();
  }
  const reckoning = await reckon(lab, load.outcomes, await allProven(lab));
  return { ...reckoning, restarted, seconds: (Date.now() - begun) / 1000 };
}

/** Processes by pod. */
function podsOf(lab: Lab): PlannedProcess[][] {
  const processes = partsOf(lab);
  return [...new Set(processes.map(({ pod }) => pod))].map((pod) => processes.filter((one) => one.pod === pod));
}

async function replace(lab: Lab, pod: readonly PlannedProcess[]): Promise<void> {
  for (const { name } of pod) await lab.end(name, "SIGTERM");
  for (const { name } of [...pod].reverse()) await lab.startAgain(name);
}

/**
 * Nobody new is led to a door that is to go, and it is told to end once its last connection has come to its own end. A
 * cluster waits for as long as that can take at most, and does not look: see `drainSeconds` of the gateway.
 */
async function replaceDoor(lab: Lab, door: PlannedProcess, balancer: Balancer): Promise<void> {
  const { requestTimeoutSeconds } = lab.options.environment.platform.door;
  const longest = connectionSeconds + connectionNoticeSeconds + requestTimeoutSeconds;
  const port = door.ports[8443] ?? 0;
  balancer.leave(port);
  const deadline = Date.now() + longest * 1000;
  while ((await connectionsOf(door)) > 0 && Date.now() < deadline) await pause();
  await replace(lab, [door]);
  balancer.join(port);
}
