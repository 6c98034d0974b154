import type { DataClassName } from "./data-classes";

export const zoneNames = [
  "gateway",
  "serving",
  "models",
  "retrieval",
  "data",
  "preparation",
  "training",
  "audit",
  "access",
  "incidents",
  "observability",
  "operators",
] as const;

export type ZoneName = (typeof zoneNames)[number];

export interface ZoneFacts {
  /** What the zone is for, in one sentence. */
  readonly purpose: string;
  /** The most sensitive class of data that its pods handle. */
  readonly dataClass: DataClassName;
  /** Ceilings of the zone's quota; GPUs come on top, from the environment's models. */
  readonly quota: { readonly cpus: number; readonly memoryGib: number; readonly pods: number };
}

/**
 * The zones that stand today; the other names of the list are reserved. Quotas leave room for one rolling update
 * (a surge of one pod) of the zone's workloads: they are ceilings against a runaway, not reservations.
 */
export const zones = {
  gateway: {
    purpose: "The one door and the guard behind it: mutual TLS, who asks, limits, every prompt and answer examined",
    dataClass: "transcripts",
    quota: { cpus: 16, memoryGib: 24, pods: 20 },
  },
  serving: {
    purpose: "Model servers, reachable from the guard alone",
    dataClass: "transcripts",
    quota: { cpus: 128, memoryGib: 1024, pods: 50 },
  },
  models: {
    purpose: "The registry of models: versions, aliases, lineage",
    dataClass: "weights",
    quota: { cpus: 8, memoryGib: 32, pods: 20 },
  },
  audit: {
    purpose: "The ledger: every request on the record before it takes effect",
    dataClass: "audit",
    quota: { cpus: 8, memoryGib: 16, pods: 20 },
  },
  observability: {
    purpose: "Metrics of every zone, and the alerts on them",
    dataClass: "audit",
    quota: { cpus: 8, memoryGib: 32, pods: 20 },
  },
} as const satisfies Partial<Record<ZoneName, ZoneFacts>>;

/** A zone that stands in every environment. */
export type StandingZone = keyof typeof zones;
export const standingZones = Object.keys(zones) as StandingZone[];
