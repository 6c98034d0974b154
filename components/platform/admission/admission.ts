import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imagePolicyName, planImagePolicy } from "./admission-plan";

export interface AdmissionArgs {
  /** References by digest of all that may run in the zones; the image lock pinned them. */
  readonly images: readonly string[];
}

/** What the API server asks of every pod in every zone: each image is one of the environment's image lock. */
export class Admission extends pulumi.ComponentResource {
  public constructor(name: string, { images }: AdmissionArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Admission", name, {}, options);
    const metadata = {
      name: imagePolicyName,
      labels: { "app.kubernetes.io/part-of": "cloister", "app.kubernetes.io/managed-by": "pulumi" },
    };
    const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
      `${name}-images`,
      { metadata, spec: planImagePolicy(images) },
      { parent: this },
    );
    new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
      `${name}-images-binding`,
      { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
