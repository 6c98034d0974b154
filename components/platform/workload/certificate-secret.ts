import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { certificateSecretName, issuerOf, type AuthorityName } from "../../certificates";
import { labelsOf } from "../../labels";
import type { Substrate } from "../../substrate";
import type { WorkloadArgs } from "./workload-args";

export type CertificateSecretArgs = Pick<WorkloadArgs, "zone" | "namespace" | "app" | "certificates">;

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Who issued what is in the Secret and when the first of it ends, so that nobody has to read it to know. */
function annotationsOf({ certificates }: CertificateSecretArgs, substrate: Substrate): Record<string, string> {
  const ends = certificates.leaves.map((leaf) => substrate.certificate(leaf).notAfter);
  return {
    "cloister.dev/issued-by": [...new Set(certificates.leaves.map(issuerOf))].sort().join(","),
    // RFC 3339 in UTC sorts by time.
    "cloister.dev/not-after": ends.sort()[0] ?? "",
  };
}

/** The certificates that an application shows and the authorities it trusts, one Secret for all of its pods. */
export function makeCertificateSecret(
  name: string,
  args: CertificateSecretArgs,
  substrate: Substrate,
  parent: pulumi.Resource,
): k8s.core.v1.Secret {
  const data: Record<string, pulumi.Input<string>> = {};
  for (const leaf of args.certificates.leaves) {
    const { chain, privateKey } = substrate.certificate(leaf);
    data[`${leaf}.crt`] = base64(chain);
    // The stack output crossed as plain text in memory: from here on it is a secret again.
    data[`${leaf}.key`] = pulumi.secret(base64(privateKey));
  }
  for (const authority of args.certificates.authorities) {
    data[`${authority}.pem`] = base64(substrate.facts.certificates.authorities[authority as AuthorityName]);
  }
  const { zone, namespace, app } = args;
  return new k8s.core.v1.Secret(
    name,
    {
      metadata: {
        name: certificateSecretName(app),
        namespace,
        labels: labelsOf({ zone, app }),
        annotations: annotationsOf(args, substrate),
      },
      type: "Opaque",
      data,
    },
    { parent },
  );
}

/** Chains, not keys: enough to roll the pods when a certificate is renewed, and nothing secret in an annotation. */
export const certificatesChecksum = ({ certificates }: CertificateSecretArgs, substrate: Substrate): string =>
  createHash("sha256")
    .update(certificates.leaves.map((leaf) => substrate.certificate(leaf).chain).join(""))
    .digest("hex");
