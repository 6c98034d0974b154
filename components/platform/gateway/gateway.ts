import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { ports } from "../../flows";
import { labelsOf, selectorOf } from "../../labels";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { connectionNoticeSeconds, connectionSeconds } from "./envoy-http";
import { envoyConfig, readinessPort, type EnvoyConfigArgs } from "./envoy-config";

export interface GatewayArgs extends ZoneWorkloadArgs {
  /** The name by which applications reach the door. */
  readonly host: string;
  /** Applications that may knock, and the networks they call from. */
  readonly clients: readonly {
    /** The application, as its certificate names it. */
    readonly name: string;
    /** IPv4 network that it calls from. */
    readonly cidr: string;
  }[];
  /** Models that requests are routed to. */
  readonly models: EnvoyConfigArgs["models"];
  /** Longest answer, seconds: the door cuts a longer one, and drains for as long. */
  readonly requestTimeoutSeconds: number;
  /** Requests that each pod of the door takes in a minute. */
  readonly requestsPerMinute: number;
}

/** The one door. Its load balancer is the only address of the platform that anybody outside can reach. */
export class Gateway extends pulumi.ComponentResource {
  /** The configuration Envoy was given, as YAML; no secret is in it. */
  public readonly configuration: string;

  public constructor(name: string, args: GatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Gateway", name, {}, options);
    this.configuration = stringify(envoyConfig({ ...args, clients: args.clients.map((client) => client.name) }));
    new Workload(
      `${name}-envoy`,
      {
        zone: "gateway",
        namespace: args.namespace,
        app: "envoy",
        kind: "Deployment",
        replicas: 2,
        image: args.image("envoy"),
        args: ["--config-path", "/etc/envoy/envoy.yaml"],
        files: { "envoy.yaml": this.configuration },
        ports: { metrics: ports.doorMetrics, door: ports.door, health: readinessPort },
        servedPorts: ["metrics"],
        serviceName: "envoy-metrics",
        readyPort: readinessPort,
        readyPath: "/ready",
        certificates: { leaves: ["door", "caller"], authorities: ["clients", "services"] },
        resources: { cpu: "1", memory: "1Gi" },
        // Told to stop, Envoy cuts every stream. So it is told when each connection has come to its end and its last
        // answer is whole.
        stopsAtOnce: true,
        drainSeconds: connectionSeconds + connectionNoticeSeconds + args.requestTimeoutSeconds,
      },
      args.substrate,
      { parent: this },
    );
    this.openDoor(name, args);
    this.registerOutputs({ host: args.host });
  }

  private openDoor(name: string, { substrate, namespace, clients }: GatewayArgs): void {
    const { className, annotations } = substrate.facts.loadBalancer;
    new k8s.core.v1.Service(
      `${name}-door`,
      {
        metadata: {
          name: "envoy",
          namespace,
          labels: labelsOf({ zone: "gateway", app: "envoy" }),
          // The address comes from the site's load balancer in its own time; nothing here waits for it.
          annotations: { ...annotations, "pulumi.com/skipAwait": "true" },
        },
        spec: {
          type: "LoadBalancer",
          ...(className === undefined ? {} : { loadBalancerClass: className }),
          // Keeps the caller's own address, by which the NetworkPolicy admits it.
          externalTrafficPolicy: "Local",
          allocateLoadBalancerNodePorts: false,
          loadBalancerSourceRanges: clients.map((client) => client.cidr),
          selector: selectorOf("gateway", "envoy"),
          ports: [{ name: "door", port: 443, targetPort: "door" }],
        },
      },
      { parent: this },
    );
  }
}
