import { setTimeout as sleep } from "node:timers/promises";
import { ports } from "../../../components/flows";
import type { Lab } from "../lab";
import type { RunningLab } from "../running-lab";
import type { Trial } from "./check-lab";
import { askService, reaches } from "./services-client";

/** Prometheus scrapes every 15 seconds, and the first time after a part of that. */
const patienceMilliseconds = 40_000;

interface Target {
  readonly labels: { readonly job: string; readonly instance: string };
  readonly health: "up" | "down" | "unknown";
  readonly lastError: string;
}

/** Every target of the generated configuration is scraped, over mutual TLS; nothing where Prometheus does not run here. */
export function metricTrials(lab: RunningLab): Trial[] {
  if (!reaches(lab, "prometheus")) return [];
  return [
    {
      name: "the metrics",
      run: async () => {
        const until = Date.now() + patienceMilliseconds;
        for (;;) {
          const targets = await targetsOf(lab);
          const down = targets.filter(({ health }) => health !== "up");
          if (targets.length > 0 && down.length === 0) return `${targets.length} targets are up: ${jobs(targets)}`;
          // One scrape may fail on a machine that is busy: what is down is asked again.
          if (Date.now() > until) {
            throw new Error(down.map(sentence).join("; ") || "Prometheus has no targets");
          }
          await sleep(500);
        }
      },
    },
  ];
}

function jobs(targets: readonly Target[]): string {
  const counts = new Map<string, number>();
  for (const { labels } of targets) counts.set(labels.job, (counts.get(labels.job) ?? 0) + 1);
  return [...counts].map(([job, count]) => `${count} ${job}`).join(", ");
}

const sentence = ({ labels, health, lastError }: Target): string =>
  `${labels.job} at ${labels.instance} is ${health}${lastError === "" ? "" : `: ${lastError}`}`;

/** What Prometheus itself says of its targets; it shows that to a certificate of the platform's services alone. */
async function targetsOf(lab: Lab): Promise<Target[]> {
  const asked = { container: "prometheus", port: ports.prometheus, host: "prometheus.observability.svc" };
  const { text } = await askService(lab, { ...asked, as: "prometheus", path: "/api/v1/targets?state=active" });
  return (JSON.parse(text) as { data: { activeTargets: Target[] } }).data.activeTargets;
}
