import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { valkeyReplicas } from "../../certificates";
import { ports } from "../../flows";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { rateLimitConfig, type DoorLimits } from "./envoy-limits";
import { rateLimitEnvironment, valkeyArgs } from "./limits-config";
import { valkeyFolder, valkeyFront, valkeyProbes, valkeySocket } from "./valkey-front";
import { shardsFolder, shardsProbes, shardsSocket, valkeyShards } from "./valkey-shards";

export interface LimitsArgs extends ZoneWorkloadArgs {
  /** What persons and groups may use. */
  readonly limits: DoorLimits;
}

/** Counts what persons and groups use, for all pods of the door and the guard together: who counts, and where counts are kept. */
export class Limits extends pulumi.ComponentResource {
  public constructor(name: string, args: LimitsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Limits", name, {}, options);
    const { namespace, image, substrate, limits } = args;
    const files = Object.entries(rateLimitConfig(limits)).map(([file, content]) => [
      `limits.${file}`,
      stringify(content),
    ]);
    new Workload(
      `${name}-ratelimit`,
      {
        zone: "gateway",
        namespace,
        app: "ratelimit",
        kind: "Deployment",
        replicas: 2,
        image: image("ratelimit"),
        // The image has no entry point.
        command: ["/bin/ratelimit"],
        args: [],
        files: { ...(Object.fromEntries(files) as Record<string, string>), "shards.yaml": stringify(valkeyShards()) },
        environment: rateLimitEnvironment(shardsSocket),
        ports: { grpc: ports.rateLimit },
        servedPorts: ["grpc"],
        // Door and guard take turns over the pods themselves.
        headless: true,
        readyPort: ports.rateLimit,
        sharedPath: shardsFolder,
        sidecar: {
          name: "shards",
          image: image("envoy"),
          args: ["--config-path", "/etc/ratelimit/shards.yaml"],
          ports: { health: shardsProbes },
          readyPort: shardsProbes,
          readyPath: "/ready",
          resources: { cpu: "100m", memory: "128Mi" },
        },
        certificates: { leaves: ["ratelimit"], authorities: ["services"] },
        resources: { cpu: "100m", memory: "128Mi" },
        drainSeconds: 5,
      },
      substrate,
      { parent: this },
    );
    new Workload(
      `${name}-valkey`,
      {
        zone: "gateway",
        namespace,
        app: "valkey",
        kind: "StatefulSet",
        replicas: valkeyReplicas,
        image: image("valkey"),
        command: ["valkey-server"],
        args: valkeyArgs(valkeySocket),
        files: { "front.yaml": stringify(valkeyFront()) },
        ports: {},
        servedPorts: ["tls"],
        // Each has its own counts: whoever asks has to know which one it asks.
        headless: true,
        readyPort: valkeyProbes,
        readyPath: "/ready",
        sharedPath: valkeyFolder,
        sidecar: {
          name: "front",
          image: image("envoy"),
          args: ["--config-path", "/etc/valkey/front.yaml"],
          ports: { tls: ports.valkey, health: valkeyProbes },
          readyPort: valkeyProbes,
          // Its own port is enough: it starts first, and is well only once the store answers.
          resources: { cpu: "75m", memory: "128Mi" },
        },
        certificates: { leaves: ["valkey"], authorities: ["services"] },
        data: { path: "/data", gib: 5 },
        resources: { cpu: "100m", memory: "512Mi" },
        drainSeconds: 5,
      },
      substrate,
      { parent: this },
    );
    this.registerOutputs({});
  }
}
