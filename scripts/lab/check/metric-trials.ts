import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { ports } from "../../../components/flows";
import { authorityOf } from "../ground/applications";
import { Lab } from "../lab";
import type { RunningLab } from "../running-lab";
import type { Trial } from "./check-lab";

/** Prometheus scrapes every 15 seconds, and the first time after a part of that. */
const patienceMilliseconds = 40_000;

interface Target {
  readonly labels: { readonly job: string; readonly instance: string };
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** Every target of the generated configuration is scraped, over mutual TLS; nothing where Prometheus does not run here. */
export function metricTrials(lab: RunningLab): Trial[] {
  const own = lab instanceof Lab ? lab.processesOf("prometheus")[0] : undefined;
  if (own === undefined) return [];
  return [
    {
      name: "the metrics",
      run: async () => {
        const until = Date.now() + patienceMilliseconds;
        for (;;) {
          const targets = await targetsOf(lab, own.ports[ports.prometheus] ?? 0);
          const down = targets.filter(({ health }) => health !== "up");
          if (targets.length > 0 && down.length === 0) return `${targets.length} targets are up: ${jobs(targets)}`;
          if (Date.now() > until || down.some(({ health }) => health === "down")) {
            throw new Error(down.map(sentence).join("; ") || "Prometheus has no targets");
          }
          await sleep(500);
        }
      },
    },
  ];
}

const jobs = (targets: readonly Target[]): string => {
  const counts = new Map<string, number>();
  for (const { labels } of targets) counts.set(labels.job, (counts.get(labels.job) ?? 0) + 1);
  return [...counts].map(([job, count]) => `${count} ${job}`).join(", ");
};

const sentence = ({ labels, health, lastError }: Target): string =>
  `${labels.job} at ${labels.instance} is ${health}${lastError === "" ? "" : `: ${lastError}`}`;

/** What Prometheus itself says of its targets; it shows that to a certificate of the platform's services alone. */
async function targetsOf({ ground }: RunningLab, port: number): Promise<Target[]> {
  const { chain, privateKey } = ground.substrate.certificate("prometheus");
  const servername = "prometheus.observability.svc";
  const dispatcher = new Agent({ connect: { ca: authorityOf(ground), cert: chain, key: privateKey, servername } });
  try {
    const { body } = await request(`https://127.0.0.1:${port}/api/v1/targets?state=active`, { dispatcher });
    const { data } = (await body.json()) as { data: { activeTargets: Target[] } };
    return data.activeTargets;
  } finally {
    await dispatcher.close();
  }
}
