import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { ports } from "../../flows";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { collectorConfig } from "./collector-config";

/** Takes the record of every request in, and keeps it under lock. */
export class Audit extends pulumi.ComponentResource {
  public constructor(
    name: string,
    { substrate, namespace, image }: ZoneWorkloadArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("cloister:index:Audit", name, {}, options);
    const { buckets, region, endpoint } = substrate.facts.objectStore;
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
        files: { "collector.yaml": stringify(collectorConfig({ bucket: buckets.audit, region, endpoint })) },
        environment: { AWS_REGION: region },
        ports: { otlp: ports.collector },
        readyPort: ports.collector,
        certificates: { leaves: ["collector"], authorities: ["services"] },
        data: { path: "/data", gib: 20 },
        resources: { cpu: "500m", memory: "1Gi" },
        binding: substrate.grant("audit/collector", "audit", ["write"]),
      },
      substrate,
      { parent: this },
    );
    this.registerOutputs({});
  }
}
