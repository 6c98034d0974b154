import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { ports } from "../../flows";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { prometheusConfig, prometheusWebConfig } from "./prometheus-config";

export interface ObservabilityArgs extends ZoneWorkloadArgs {
  /** Catalogue names of the models that serve. */
  readonly models: readonly string[];
}

/** Metrics of every zone. */
export class Observability extends pulumi.ComponentResource {
  public constructor(name: string, args: ObservabilityArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Observability", name, {}, options);
    new Workload(
      `${name}-prometheus`,
      {
        zone: "observability",
        namespace: args.namespace,
        app: "prometheus",
        kind: "StatefulSet",
        replicas: 1,
        image: args.image("prometheus"),
        args: [
          "--config.file=/etc/prometheus/prometheus.yaml",
          "--web.config.file=/etc/prometheus/web.yaml",
          "--storage.tsdb.path=/data",
          "--storage.tsdb.retention.time=30d",
        ],
        files: {
          "prometheus.yaml": stringify(prometheusConfig(args.models)),
          "web.yaml": stringify(prometheusWebConfig()),
        },
        ports: { https: ports.prometheus },
        readyPort: ports.prometheus,
        certificates: { leaves: ["prometheus"], authorities: ["services"] },
        data: { path: "/data", gib: 50 },
        resources: { cpu: "1", memory: "4Gi" },
      },
      args.substrate,
      { parent: this },
    );
    this.registerOutputs({});
  }
}
