import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../../labels";
import { zones, type StandingZone } from "../../zones";
import { planNetworkPolicies, planQuota, type Ceilings, type OutsideAddresses } from "./zone-plan";

export interface ZoneArgs {
  /** Which zone it is: its name, purpose, data class and flows follow from it. */
  readonly zone: StandingZone;
  /** Minor version whose Pod Security the namespace is pinned to, such as `1.36`. */
  readonly kubernetesMinor: string;
  readonly outside: OutsideAddresses;
  /** What the zone's pods need, one surge of each workload included, where the environment decides it. Default: nothing. */
  readonly needed?: Ceilings;
}

const nothing: Ceilings = { cpus: 0, memoryGib: 0, pods: 0, gpus: 0 };

/** What every zone is: a namespace that admits only restricted pods, closed both ways but for its flows, with ceilings. */
export class Zone extends pulumi.ComponentResource {
  /** Name of the namespace; known once it is closed and has its ceilings, so nothing can run in it before. */
  public readonly namespace: pulumi.Output<string>;

  public constructor(name: string, args: ZoneArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Zone", name, {}, options);
    const namespace = this.makeNamespace(name, args);
    const walls = [...this.closeNetwork(name, args, namespace), ...this.setCeilings(name, args, namespace)];
    this.namespace = pulumi
      .all([namespace.metadata.name, ...walls.map((wall) => wall.metadata.name)])
      .apply(([own]) => own ?? args.zone);
    this.registerOutputs({ namespace: this.namespace });
  }

  private makeNamespace(name: string, { zone, kubernetesMinor }: ZoneArgs): k8s.core.v1.Namespace {
    const version = `v${kubernetesMinor}`;
    const security = Object.fromEntries(
      ["enforce", "audit", "warn"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, version],
      ]),
    ) as Record<string, string>;
    return new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: zone,
          labels: { ...labelsOf({ zone, dataClass: zones[zone].dataClass }), ...security },
          annotations: { "cloister.dev/purpose": zones[zone].purpose },
        },
      },
      { parent: this },
    );
  }

  private closeNetwork(
    name: string,
    { zone, outside }: ZoneArgs,
    namespace: k8s.core.v1.Namespace,
  ): k8s.networking.v1.NetworkPolicy[] {
    return planNetworkPolicies(zone, outside).map(
      (plan) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${plan.name}`,
          { metadata: metadata(zone, namespace, plan.name), spec: plan.spec },
          { parent: this },
        ),
    );
  }

  private setCeilings(name: string, { zone, needed = nothing }: ZoneArgs, namespace: k8s.core.v1.Namespace) {
    const quota = new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: metadata(zone, namespace, "ceilings"), spec: { hard: planQuota(zones[zone].quota, needed) } },
      { parent: this },
    );
    const limits = new k8s.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata: metadata(zone, namespace, "defaults"),
        spec: {
          limits: [
            {
              type: "Container",
              default: { cpu: "500m", memory: "512Mi" },
              defaultRequest: { cpu: "100m", memory: "128Mi" },
            },
          ],
        },
      },
      { parent: this },
    );
    return [quota, limits];
  }
}

const metadata = (zone: StandingZone, namespace: k8s.core.v1.Namespace, name: string) => ({
  name,
  namespace: namespace.metadata.name,
  labels: labelsOf({ zone }),
});
