import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** What the guard counts, for Prometheus. No label says who asked or what was said. */
export class GuardMetrics {
  public readonly registry = new Registry();
  public readonly requests = new Counter({
    name: "cloister_guard_requests_total",
    help: "Requests by how they ended",
    labelNames: ["model", "outcome"],
    registers: [this.registry],
  });
  public readonly findings = new Counter({
    name: "cloister_guard_findings_total",
    help: "What rules found, and what was done",
    labelNames: ["rule", "action", "where"],
    registers: [this.registry],
  });
  public readonly tokens = new Counter({
    name: "cloister_guard_tokens_total",
    help: "Tokens, as the model server counted them",
    labelNames: ["model", "direction"],
    registers: [this.registry],
  });
  public readonly tokensOwed = new Gauge({
    name: "cloister_guard_tokens_owed",
    help: "Tokens of answers that are not counted against limits yet",
    registers: [this.registry],
  });
  public readonly running = new Gauge({
    name: "cloister_guard_running_requests",
    help: "Requests that are being answered",
    registers: [this.registry],
  });
  public readonly examineSeconds = new Histogram({
    name: "cloister_guard_examine_seconds",
    help: "Time for which a prompt was examined",
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5],
    registers: [this.registry],
  });
  public readonly analyses = new Counter({
    name: "cloister_guard_analyses_total",
    help: "Judgements of analysers beside requests: found, clear, or none where none came",
    labelNames: ["analyser", "outcome"],
    registers: [this.registry],
  });
  public readonly analysisSeconds = new Histogram({
    name: "cloister_guard_analysis_seconds",
    help: "Time that an analyser took for one window of a text",
    labelNames: ["analyser"],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 20],
    registers: [this.registry],
  });
  public readonly unrecorded = new Counter({
    name: "cloister_guard_unrecorded_total",
    help: "Requests that were not served because no replica of the ledger recorded them",
    registers: [this.registry],
  });
  public readonly ledgerFailures = new Counter({
    name: "cloister_guard_ledger_failures_total",
    help: "Tries that a replica of the ledger did not acknowledge",
    labelNames: ["replica"],
    registers: [this.registry],
  });
  public readonly policiesRefused = new Gauge({
    name: "cloister_guard_policies_refused",
    help: "Policies that were refused since the start; the one before stays",
    registers: [this.registry],
  });

  public constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
