import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "../../labels";
import type { Substrate } from "../../substrate";
import { certificatesChecksum, makeCertificateSecret } from "./certificate-secret";
import type { WorkloadArgs } from "./workload-args";
import { instanceOf, planClaim, planPlace, planPod, podSelector } from "./workload-plan";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** One application of a zone: its identity, configuration, certificates, pods, service and disruption budget. */
export class Workload extends pulumi.ComponentResource {
  public constructor(name: string, args: WorkloadArgs, substrate: Substrate, options: pulumi.ComponentResourceOptions) {
    super("cloister:index:Workload", name, {}, options);
    const place = planPlace(args);
    if (place !== undefined) substrate.place(place);
    // Instances of one application share its identity and its certificates, which their zone makes once.
    const shared =
      args.instance === undefined
        ? [this.makeAccount(name, args), makeCertificateSecret(`${name}-tls`, args, substrate, this)]
        : [];
    const configuration = this.makeConfiguration(name, args);
    const dependsOn = [...shared, ...(configuration === undefined ? [] : [configuration])];
    const service = this.makeService(name, args);
    this.makePods(name, args, substrate, dependsOn);
    this.makeBudget(name, args);
    this.registerOutputs({ service: service.metadata.name });
  }

  private metadata(args: WorkloadArgs, name: string, annotations: Record<string, string> = {}) {
    const labels = { ...labelsOf({ zone: args.zone, app: args.app }), ...podSelector(args) };
    return { name, namespace: args.namespace, labels, annotations };
  }

  private makeAccount(name: string, args: WorkloadArgs): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata: this.metadata(args, args.app, args.binding?.annotations), automountServiceAccountToken: false },
      { parent: this },
    );
  }

  private makeConfiguration(name: string, args: WorkloadArgs): k8s.core.v1.ConfigMap | undefined {
    if (args.files === undefined) return undefined;
    return new k8s.core.v1.ConfigMap(
      `${name}-configuration`,
      { metadata: this.metadata(args, instanceOf(args)), data: { ...args.files } },
      { parent: this },
    );
  }

  private makeService(name: string, args: WorkloadArgs): k8s.core.v1.Service {
    return new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: this.metadata(args, args.serviceName ?? instanceOf(args)),
        spec: {
          type: "ClusterIP",
          ...(args.headless === true ? { clusterIP: "None" } : {}),
          selector: podSelector(args),
          ports: Object.entries({ ...args.ports, ...args.sidecar?.ports })
            .filter(([port]) => args.servedPorts?.includes(port) ?? true)
            .map(([port, number]) => ({ name: port, port: number, targetPort: port })),
        },
      },
      { parent: this },
    );
  }

  private makePods(name: string, args: WorkloadArgs, substrate: Substrate, dependsOn: pulumi.Resource[]): void {
    const options = { parent: this, dependsOn };
    const metadata = this.metadata(args, instanceOf(args));
    const selector = { matchLabels: podSelector(args) };
    const template = {
      metadata: {
        labels: { ...metadata.labels, ...args.podLabels },
        // Pods start anew when what they read at start has changed.
        annotations: {
          ...args.podAnnotations,
          "cloister.dev/certificates": certificatesChecksum(args, substrate),
          "cloister.dev/configuration": sha256(JSON.stringify(args.files ?? {})),
        },
      },
      spec: planPod(args),
    };
    if (args.kind === "Deployment") {
      const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
      new k8s.apps.v1.Deployment(
        `${name}-deployment`,
        { metadata, spec: { replicas: args.replicas, selector, strategy, template } },
        options,
      );
      return;
    }
    new k8s.apps.v1.StatefulSet(
      `${name}-set`,
      {
        metadata,
        spec: {
          replicas: args.replicas,
          serviceName: metadata.name,
          selector,
          template,
          volumeClaimTemplates: args.data === undefined ? [] : [planClaim(args.data, substrate.facts.storageClass)],
        },
      },
      options,
    );
  }

  /** With one copy a budget would only block drains: such a workload is moved, not surged. */
  private makeBudget(name: string, args: WorkloadArgs): void {
    if (args.replicas < 2) return;
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      {
        metadata: this.metadata(args, instanceOf(args)),
        spec: { maxUnavailable: 1, selector: { matchLabels: podSelector(args) } },
      },
      { parent: this },
    );
  }
}
