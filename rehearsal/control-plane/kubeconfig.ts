import { stringify } from "yaml";
import type { Credential } from "./authority";
import { writePrivateFile } from "../processes/private-file";

export interface KubeconfigTerms {
  readonly server: string;
  /** PEM. */
  readonly caCertificate: string;
  readonly credential: Credential;
  readonly context: string;
  readonly user: string;
}

/** Writes a kubeconfig with one context, everything embedded, readable by its owner only. */
export function writeKubeconfig(path: string, terms: KubeconfigTerms): string {
  const { server, caCertificate, credential, context, user } = terms;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return writePrivateFile(
    path,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      clusters: [{ name: context, cluster: { server, "certificate-authority-data": base64(caCertificate) } }],
      contexts: [{ name: context, context: { cluster: context, user } }],
      users: [
        {
          name: user,
          user: {
            "client-certificate-data": base64(credential.certificate),
            "client-key-data": base64(credential.key),
          },
        },
      ],
    }),
  );
}
