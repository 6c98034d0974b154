import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectName } from "../../certificates";
import { ports } from "../../flows";
import type { ImageName } from "../../images";
import { labelsOf } from "../../labels";
import { makeCertificateSecret } from "../workload/certificate-secret";
import { Workload } from "../workload/workload";
import type { ZoneWorkloadArgs } from "../zone-args";
import { leakGateNotes, modelBom } from "./model-notes";
import { serverSize, vllmArgs, vllmEnvironment, weightsPath, type ServedModel } from "./vllm-args";

export interface ServingArgs extends ZoneWorkloadArgs {
  /** Models to serve, each in pods of its own. */
  readonly models: readonly (ServedModel & { readonly name: ImageName })[];
  /** Longest answer, seconds: what a stopping server is given to finish. */
  readonly requestTimeoutSeconds: number;
}

/** A model server for each model, on the GPUs of its pool; only the gateway holds a certificate that they accept. */
export class Serving extends pulumi.ComponentResource {
  public constructor(name: string, args: ServingArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Serving", name, {}, options);
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name: "vllm", namespace: args.namespace, labels: labelsOf({ zone: "serving", app: "vllm" }) },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    const certificates = { leaves: ["vllm"], authorities: ["callers"] };
    const secret = makeCertificateSecret(
      `${name}-tls`,
      { zone: "serving", namespace: args.namespace, app: "vllm", certificates },
      args.substrate,
      this,
    );
    for (const model of args.models) {
      new Workload(
        `${name}-${objectName(model.name)}`,
        {
          zone: "serving",
          namespace: args.namespace,
          app: "vllm",
          instance: objectName(model.name),
          kind: "Deployment",
          replicas: model.replicas,
          image: args.image("vllm"),
          command: ["vllm", "serve"],
          args: vllmArgs(model, args.requestTimeoutSeconds),
          environment: vllmEnvironment,
          ports: { https: ports.vllm },
          headless: true,
          readyPort: ports.vllm,
          certificates,
          model: { path: weightsPath, reference: args.image(model.name) },
          podLabels: { "cloister.dev/stage": model.leakGate === undefined ? "trial" : "production" },
          podAnnotations: { ...modelBom(model.name, args.image), ...leakGateNotes(model) },
          resources: { cpu: `${serverSize.cpus}`, memory: `${serverSize.memoryGib}Gi`, gpus: model.gpusPerReplica },
          pool: args.substrate.gpuPool(model.pool).name,
          // Loading and compiling an 8B model takes minutes on a cold node.
          startSeconds: 900,
          drainSeconds: args.requestTimeoutSeconds,
        },
        args.substrate,
        { parent: this, dependsOn: [account, secret] },
      );
    }
    this.registerOutputs({ models: args.models.map((model) => model.name) });
  }
}
