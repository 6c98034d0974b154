import { configurationPath, followed, typed, type Json } from "./envoy-fields";

/** The list of certificates that were taken back, PEM, and the file that tells Envoy of it. */
export const revokedFile = "clients.crl.pem";
export const revocationFile = "revocation.yaml";

const secret = "revoked";

/**
 * The list as Envoy follows it: a certificate that is added to it is refused from then on, without a restart. A list that
 * cannot be read changes nothing, and one whose next update is overdue lets nobody in.
 */
export function revocationConfiguration(): Json {
  const validation: Json = {
    crl: { filename: `${configurationPath}/${revokedFile}` },
    // The roots are offline and issue no lists; an intermediate lists what it issued itself.
    only_verify_leaf_cert_crl: true,
  };
  return {
    resources: [
      typed("envoy.extensions.transport_sockets.tls.v3.Secret", { name: secret, validation_context: validation }),
    ],
  };
}

/** Where a listener finds the list. */
export const revocationSecret: Json = { name: secret, sds_config: followed(revocationFile) };
