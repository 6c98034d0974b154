import type { AuthorityName } from "../../certificates";
import { tlsPath } from "../workload/workload-plan";
import { typed, type Json } from "./envoy-fields";
import { revocationSecret } from "./envoy-revocation";

const file = (filename: string): Json => ({ filename: `${tlsPath}/${filename}` });

const identity = (leaf: string): Json => ({
  certificate_chain: file(`${leaf}.crt`),
  private_key: file(`${leaf}.key`),
});

/** Said on both sides: Envoy's own highest version towards servers has been 1.2. */
const tlsParameters: Json = { tls_minimum_protocol_version: "TLSv1_3", tls_maximum_protocol_version: "TLSv1_3" };

const exactNames = (names: readonly string[]): Json[] =>
  names.map((name) => ({ san_type: "DNS", matcher: { exact: name } }));

export interface Callers {
  readonly authority: AuthorityName;
  /** Follow the list of certificates that were taken back. Default: false. */
  readonly revocation?: boolean;
  /** DNS names of which the caller's certificate must carry one; never empty, since Envoy takes none as any. */
  readonly names: readonly string[];
}

/** Whom a server lets in. A list of what was taken back comes on top of what is said here, and can widen nothing of it. */
function validationOf({ authority, names, revocation = false }: Callers): Json {
  if (names.length === 0) throw new Error(`a listener for ${authority} without names admits all of them`);
  const validation = {
    trusted_ca: file(`${authority}.pem`),
    match_typed_subject_alt_names: exactNames(names),
  };
  if (!revocation) return { validation_context: validation };
  return {
    combined_validation_context: {
      default_validation_context: validation,
      validation_context_sds_secret_config: revocationSecret,
    },
  };
}

/**
 * Server side: what we show, and who may call. Undefined asks for no certificate.
 *
 * @param leaf name of the certificate that is shown.
 */
export function serverTls(callers: Callers | undefined, leaf = "door"): Json {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext", {
      require_client_certificate: callers !== undefined,
      common_tls_context: {
        tls_params: tlsParameters,
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificates: [identity(leaf)],
        ...(callers === undefined ? {} : validationOf(callers)),
      },
    }),
  };
}

/**
 * Client side: what we show, and the one name the server must have.
 *
 * @param names of which the server must have one, where it is one of several. Default: the one.
 */
export function clientTls(
  leaf: string,
  serverName: string,
  protocol: "h2" | "http/1.1",
  names: readonly string[] = [serverName],
): Json {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext", {
      sni: serverName,
      common_tls_context: {
        tls_params: tlsParameters,
        alpn_protocols: [protocol],
        tls_certificates: [identity(leaf)],
        validation_context: {
          trusted_ca: file("services.pem"),
          match_typed_subject_alt_names: exactNames(names),
        },
      },
    }),
  };
}
