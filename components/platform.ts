import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ImageName, ImageReference, ModelName } from "./images";
import { Admission } from "./platform/admission/admission";
import { Audit } from "./platform/audit/audit";
import { Gateway, type GatewayArgs } from "./platform/gateway/gateway";
import { Limits } from "./platform/gateway/limits";
import { Models } from "./platform/models/models";
import { Observability } from "./platform/observability/observability";
import { Serving } from "./platform/serving/serving";
import { serversNeed, type ServedModel } from "./platform/serving/vllm-args";
import { StorageClass } from "./platform/storage/storage-class";
import { Zone } from "./platform/zone/zone";
import type { Substrate } from "./substrate";
import { standingZones, type StandingZone } from "./zones";

export interface PlatformArgs {
  readonly substrate: Substrate;
  readonly image: ImageReference;
  /** The one door, as the environment describes it. */
  readonly door: {
    /** The name by which applications reach it. */
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
    /** Longest answer, seconds. */
    readonly requestTimeoutSeconds: number;
    /** Requests that each pod of the door takes in a minute. */
    readonly requestsPerMinute: number;
  };
  /** Who may ask, as the environment describes them. */
  readonly people: GatewayArgs["people"];
  /** How the guard is set up. */
  readonly guard: GatewayArgs["guard"];
  /** What persons and groups may use. */
  readonly limits: GatewayArgs["limits"];
  /** Models that serve, each on the GPUs of its pool. */
  readonly models: readonly (ServedModel & { readonly name: ModelName })[];
}

/** What of a platform decides which images it runs. */
export interface RunningArgs {
  readonly models: readonly { readonly name: ModelName }[];
  readonly guard: { readonly presidio: { readonly enabled: boolean } };
}

/** Images and models that such a platform runs. */
export const imagesOf = ({ models, guard }: RunningArgs): ImageName[] => [
  "envoy",
  "guard",
  "ratelimit",
  "valkey",
  ...(guard.presidio.enabled ? (["presidio"] as const) : []),
  "vllm",
  "ledger",
  "collector",
  "mlflow",
  "prometheus",
  ...models.map((model) => model.name),
];

/** Whether the API server's log lies on machines of the company's own, where pods of the cluster read it. */
const readsLog = ({ facts }: Substrate): boolean => facts.auditSource.kind === "api-server-log";

/** The platform: its zones, and what runs in each. The same on every footprint. */
export class Platform extends pulumi.ComponentResource {
  /** URL of the door. */
  public readonly door: string;
  /** The zones that stand. */
  public readonly zones: readonly StandingZone[] = standingZones;
  /** Names of the models that serve. */
  public readonly models: readonly string[];

  public constructor(name: string, args: PlatformArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Platform", name, {}, options);
    const { substrate, image, door, people, guard, limits, models } = args;
    const cluster = this.reachCluster(name, substrate);
    this.layStorage(name, substrate, cluster);
    const admission = this.holdImages(name, args, cluster);
    const zone = this.openZones(name, args, cluster, admission);
    const inside = (where: StandingZone) => ({ substrate, image, namespace: zone[where].namespace });
    const under = (where: StandingZone) => ({ parent: zone[where] });
    const served = models.map((model) => model.name);
    const record = {
      requestTimeoutSeconds: door.requestTimeoutSeconds,
      models: served,
      auditLog: readsLog(substrate),
    };
    new Audit(`${name}-audit-record`, { ...inside("audit"), ...record }, under("audit"));
    new Models(`${name}-models-registry`, inside("models"), under("models"));
    new Serving(`${name}-serving-servers`, { ...inside("serving"), ...door, models }, under("serving"));
    new Limits(`${name}-gateway-limits`, { ...inside("gateway"), limits }, under("gateway"));
    new Gateway(
      `${name}-gateway-door`,
      { ...inside("gateway"), ...door, people, guard, limits, models },
      under("gateway"),
    );
    new Observability(
      `${name}-observability-metrics`,
      { ...inside("observability"), models: served },
      under("observability"),
    );
    // Each workload took its own room, so none is forgotten here.
    substrate.checkRoom();
    this.door = `https://${door.host}`;
    this.models = served;
    this.registerOutputs({ door: this.door, zones: this.zones, models: this.models });
  }

  /** By the operator's own kubeconfig: no credential of the cluster enters state. */
  private reachCluster(name: string, { facts }: Substrate): k8s.Provider {
    const { context, clusterIdentifier } = facts.kubernetes;
    return new k8s.Provider(
      `${name}-cluster`,
      { context, clusterIdentifier, enableServerSideApply: true },
      { parent: this },
    );
  }

  private layStorage(name: string, { facts: { storageClass } }: Substrate, provider: k8s.Provider): void {
    if (storageClass.provisioner === undefined) return;
    new StorageClass(`${name}-storage`, { storageClass }, { parent: this, providers: { kubernetes: provider } });
  }

  private holdImages(name: string, args: PlatformArgs, provider: k8s.Provider): Admission {
    const images = imagesOf(args).map((one) => args.image(one));
    return new Admission(`${name}-admission`, { images }, { parent: this, providers: { kubernetes: provider } });
  }

  /** Zones come after what holds their images, so that nothing runs in one unasked. */
  private openZones(
    name: string,
    args: PlatformArgs,
    provider: k8s.Provider,
    admission: Admission,
  ): Record<StandingZone, Zone> {
    const { substrate, door, models } = args;
    const outside = {
      clients: door.clients.map((client) => client.cidr),
      objectStore: substrate.facts.network.objectStore,
      auditLog: readsLog(substrate),
    };
    const kubernetesMinor = substrate.facts.kubernetes.minor;
    return Object.fromEntries(
      standingZones.map((zone) => [
        zone,
        new Zone(
          `${name}-${zone}`,
          { zone, kubernetesMinor, outside, ...(zone === "serving" ? { needed: serversNeed(models) } : {}) },
          { parent: this, providers: { kubernetes: provider }, dependsOn: admission },
        ),
      ]),
    ) as Record<StandingZone, Zone>;
  }
}
