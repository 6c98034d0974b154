import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** What the ledger counts, for Prometheus. */
export class LedgerMetrics {
  public readonly registry = new Registry();
  public readonly appended = new Counter({
    name: "cloister_ledger_records_total",
    help: "Records on the disk",
    labelNames: ["kind"],
    registers: [this.registry],
  });
  public readonly refused = new Counter({
    name: "cloister_ledger_refused_total",
    help: "Requests that were refused",
    labelNames: ["code"],
    registers: [this.registry],
  });
  public readonly syncSeconds = new Histogram({
    name: "cloister_ledger_sync_seconds",
    help: "Time until a batch was on the disk",
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });
  public readonly batch = new Histogram({
    name: "cloister_ledger_batch_records",
    help: "Records that shared a sync",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers: [this.registry],
  });
  public readonly waiting = new Gauge({
    name: "cloister_ledger_waiting_records",
    help: "Records that wait for the disk",
    registers: [this.registry],
  });
  public readonly open = new Gauge({
    name: "cloister_ledger_open_requests",
    help: "Requests that were asked and have no answer yet",
    registers: [this.registry],
  });
  public readonly anchored = new Counter({
    name: "cloister_ledger_anchored_segments_total",
    help: "Segments under lock in the bucket",
    registers: [this.registry],
  });
  public readonly unanchoredSeconds = new Gauge({
    name: "cloister_ledger_unanchored_seconds",
    help: "Age of the oldest sealed segment that the bucket does not have; the window within which a loss of the disk loses records",
    registers: [this.registry],
  });
  public readonly freeBytes = new Gauge({
    name: "cloister_ledger_disk_free_bytes",
    help: "Room on the ledger's disk",
    registers: [this.registry],
  });

  public constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
