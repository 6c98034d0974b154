import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { ports } from "../../flows";
import { labelsOf, selectorOf } from "../../labels";
import { storeEnvironment } from "../workload/store-environment";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { envoyConfig, longestRequest, readinessPort, type EnvoyConfigArgs } from "./envoy-config";
import type { DoorLimits } from "./envoy-limits";
import { connectionNoticeSeconds, connectionSeconds } from "./envoy-http";
import { tokenConfiguration, tokenFile } from "./envoy-identity";
import { revocationConfiguration, revocationFile, revokedFile } from "./envoy-revocation";
import { routerConfig, routerFolder, routerProbes } from "./envoy-router";
import { entitiesOf, guardConfig, guardPolicy, guardProbes, type AnalysersArgs, type PolicyArgs } from "./guard-config";
import { Presidio } from "./presidio";

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
  /** PEM: certificates of applications that were taken back. Default: none were. */
  readonly revokedCertificates?: string;
  /** Models that requests are routed to. */
  readonly models: EnvoyConfigArgs["models"];
  /** Who may ask, and for which models. */
  readonly people: EnvoyConfigArgs["identity"] & {
    /** Which groups may use which models. */
    readonly groups: readonly { readonly name: string; readonly models: readonly string[] }[];
  };
  /** What persons and groups may use. */
  readonly limits: DoorLimits;
  /** How the guard is set up. */
  readonly guard: AnalysersArgs & {
    /** age recipients: who may read what was held back. */
    readonly quarantineRecipients: readonly string[];
    /** What it looks for and does. */
    readonly policy: PolicyArgs;
  };
  /** Longest answer, seconds: it is ended then, and the door drains for as long. */
  readonly requestTimeoutSeconds: number;
  /** Requests that each pod of the door takes in a minute. */
  readonly requestsPerMinute: number;
}

/** The list of what was taken back is a file that the door follows: a longer one counts without a restart. */
const revocationFiles = ({ revokedCertificates }: GatewayArgs): Record<string, string> =>
  revokedCertificates === undefined
    ? {}
    : { [revocationFile]: stringify(revocationConfiguration()), [revokedFile]: revokedCertificates };

/**
 * The one door, and the guard behind it. The door's load balancer is the only address of the platform that anybody outside
 * can reach; the guard alone holds what model servers accept.
 */
export class Gateway extends pulumi.ComponentResource {
  /** The configuration Envoy was given, as YAML; no secret is in it. */
  public readonly configuration: string;

  public constructor(name: string, args: GatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Gateway", name, {}, options);
    const access = args.people.groups.map(({ name: group, models }) => ({ group, models }));
    const clients = args.clients.map((client) => client.name);
    this.configuration = stringify(
      envoyConfig({
        ...args,
        clients,
        identity: args.people,
        access,
        revocation: args.revokedCertificates !== undefined,
      }),
    );
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
        files: {
          "envoy.yaml": this.configuration,
          [tokenFile]: stringify(tokenConfiguration(args.people)),
          ...revocationFiles(args),
        },
        ports: { metrics: ports.doorMetrics, door: ports.door, health: readinessPort },
        servedPorts: ["metrics"],
        serviceName: "envoy-metrics",
        readyPort: readinessPort,
        readyPath: "/ready",
        certificates: { leaves: ["door"], authorities: ["clients", "services"] },
        resources: { cpu: "1", memory: "1Gi" },
        // Told to stop, Envoy cuts every stream. So it is told when each connection has come to its end and its last
        // answer is whole.
        stopsAtOnce: true,
        drainSeconds: connectionSeconds + connectionNoticeSeconds + args.requestTimeoutSeconds,
      },
      args.substrate,
      { parent: this },
    );
    if (args.guard.presidio.enabled) {
      const { namespace, substrate, image } = args;
      const entities = entitiesOf(args.guard);
      new Presidio(`${name}-presidio`, { namespace, substrate, image, entities }, { parent: this });
    }
    this.standGuard(name, args, access);
    this.openDoor(name, args);
    this.registerOutputs({ host: args.host });
  }

  private standGuard(name: string, args: GatewayArgs, access: EnvoyConfigArgs["access"]): void {
    const { objectStore } = args.substrate.facts;
    new Workload(
      `${name}-guard`,
      {
        zone: "gateway",
        namespace: args.namespace,
        app: "guard",
        kind: "Deployment",
        replicas: 2,
        image: args.image("guard"),
        args: ["--config", "/etc/guard/guard.yaml"],
        files: {
          "guard.yaml": stringify(
            guardConfig({
              access,
              recipients: args.guard.quarantineRecipients,
              bucket: objectStore.buckets.quarantine,
              region: objectStore.region,
              endpoint: objectStore.endpoint,
              requestBytes: longestRequest(args.models),
              requestTimeoutSeconds: args.requestTimeoutSeconds,
              countedGroups: args.limits.groups.map(({ group }) => group),
              analysers: args.guard,
            }),
          ),
          "policy.yaml": stringify(guardPolicy(args.guard.policy)),
          "router.yaml": stringify(routerConfig(args)),
        },
        environment: storeEnvironment(objectStore),
        ports: { https: ports.guard, metrics: ports.guardMetrics, health: guardProbes },
        servedPorts: ["https", "metrics", "router-metrics"],
        // The door balances over the pods itself: a service's address would keep a connection on one of them.
        headless: true,
        readyPort: guardProbes,
        readyPath: "/ready",
        certificates: { leaves: ["guard", "caller"], authorities: ["services"] },
        sharedPath: routerFolder,
        sidecar: {
          name: "router",
          image: args.image("envoy"),
          args: ["--config-path", "/etc/guard/router.yaml"],
          ports: { "router-metrics": ports.routerMetrics, "router-health": routerProbes },
          readyPort: routerProbes,
          readyPath: "/ready",
          resources: { cpu: "250m", memory: "512Mi" },
        },
        resources: { cpu: "1", memory: "2Gi" },
        drainSeconds: args.requestTimeoutSeconds,
        binding: args.substrate.grant("gateway/guard", "quarantine", ["write"]),
      },
      args.substrate,
      { parent: this },
    );
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
