import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { ledgerReplicas } from "../../certificates";
import { ports } from "../../flows";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { storeEnvironment } from "../workload/store-environment";
import { collectorConfig } from "./collector-config";
import { ledgerConfig, ledgerProbes } from "./ledger-config";

export interface AuditArgs extends ZoneWorkloadArgs {
  /** Longest answer, seconds: what has none after twice as long is recorded as interrupted. */
  readonly requestTimeoutSeconds: number;
  /** Catalogue names of the models that serve: what else a caller names is on no record. */
  readonly models: readonly string[];
  /** Whether pods of the cluster bring what the API server did. */
  readonly auditLog: boolean;
}

/** The ledger, on which every request is before it takes effect, and the collector that brings it what the door itself refused. */
export class Audit extends pulumi.ComponentResource {
  public constructor(
    name: string,
    { substrate, namespace, image, ...record }: AuditArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:Audit", name, {}, options);
    const { buckets, region, endpoint, auditRetentionDays } = substrate.facts.objectStore;
    new Workload(
      `${name}-ledger`,
      {
        zone: "audit",
        namespace,
        app: "ledger",
        kind: "StatefulSet",
        replicas: ledgerReplicas,
        image: image("ledger"),
        args: ["--config", "/etc/ledger/ledger.yaml"],
        files: {
          "ledger.yaml": stringify(
            ledgerConfig({ bucket: buckets.audit, region, endpoint, auditRetentionDays, ...record }),
          ),
        },
        environment: storeEnvironment({ region, endpoint }),
        ports: { https: ports.ledger, metrics: ports.ledgerMetrics, health: ledgerProbes },
        servedPorts: ["https", "metrics"],
        // Each replica has a chain of its own: whoever asks has to know which one it asks.
        headless: true,
        readyPort: ledgerProbes,
        readyPath: "/ready",
        certificates: { leaves: ["ledger", "ledger-signer"], authorities: ["services"] },
        data: { path: "/data", gib: 100 },
        resources: { cpu: "500m", memory: "1Gi" },
        binding: substrate.grant("audit/ledger", "audit", ["write"]),
      },
      substrate,
      { parent: this },
    );
    new Workload(
      `${name}-collector`,
      {
        zone: "audit",
        namespace,
        app: "collector",
        kind: "StatefulSet",
        replicas: 2,
        image: image("collector"),
        args: ["--config", "/etc/collector/collector.yaml"],
        files: { "collector.yaml": stringify(collectorConfig()) },
        ports: { otlp: ports.collector },
        readyPort: ports.collector,
        certificates: { leaves: ["collector"], authorities: ["services"] },
        data: { path: "/data", gib: 20 },
        resources: { cpu: "500m", memory: "1Gi" },
      },
      substrate,
      { parent: this },
    );
    this.registerOutputs({});
  }
}
