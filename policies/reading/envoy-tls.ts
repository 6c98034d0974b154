import type { Properties } from "../rule";

const listOf = (value: unknown): Properties[] => (value ?? []) as Properties[];
const modern = ["TLSv1_2", "TLSv1_3"];

/** A socket in the pod's own file system or on its loopback: nobody else is there. */
const isWithinPod = (address: Properties): boolean =>
  Boolean(address?.pipe) || /^(127\.|::1$|localhost$)/.test(String(address?.socket_address?.address ?? ""));

/** A name that a certificate carries, whole, of one kind; Envoy refuses a matcher that says nothing. */
const isNamed = ({ matcher, san_type: kind }: Properties): boolean =>
  Boolean(matcher?.exact) && /^(DNS|URI|EMAIL|IP_ADDRESS)$/.test(String(kind));

/** Whether the newest and the oldest TLS that a side speaks are 1.2 or 1.3; what is not said, Envoy decides by its version. */
const isModern = ({ tls_params: params }: Properties): boolean =>
  modern.includes(String(params?.tls_minimum_protocol_version)) &&
  (params.tls_maximum_protocol_version === undefined || modern.includes(String(params.tls_maximum_protocol_version)));

/** Whom a side lets speak: the authority, and the names one of which the other side's certificate carries. */
/** Where a side says whom it lets speak; with a list of what was taken back, that is one name deeper. */
export const validationOf = (common: Properties): Properties =>
  common?.combined_validation_context?.default_validation_context ?? common?.validation_context;

function validationFault(common: Properties): string | undefined {
  const validation = validationOf(common);
  if (!validation?.trusted_ca) return "trusts no authority of its own";
  if (validation.trust_chain_verification === "ACCEPT_UNTRUSTED")
    return "takes certificates that nobody it trusts issued";
  const names = listOf(validation.match_typed_subject_alt_names);
  if (names.length === 0) return "takes every certificate of its authority, whatever its name";
  return names.every(isNamed) ? undefined : "takes certificates by a name that is not said exactly";
}

/** A chain whose every route answers by itself leads nowhere: a health check, which the kubelet asks without a certificate. */
function leadsNowhere(chain: Properties): boolean {
  const routes = listOf(chain?.filters).flatMap(({ typed_config: manager }): Properties[] =>
    listOf(manager?.route_config?.virtual_hosts).flatMap(({ routes: all }): Properties[] => listOf(all)),
  );
  return routes.length > 0 && routes.every((route) => Boolean(route.direct_response));
}

function serverFault(chain: Properties): string | undefined {
  const tls = chain?.transport_socket?.typed_config;
  if (!String(tls?.["@type"] ?? "").endsWith(".DownstreamTlsContext")) return "answers in clear";
  const common = tls.common_tls_context ?? {};
  if (!isModern(common)) return "lets TLS older than 1.2 in";
  if (listOf(common.tls_certificates).length === 0) return "shows no certificate";
  if (leadsNowhere(chain)) return undefined;
  if (tls.require_client_certificate !== true) return "asks callers for no certificate";
  return validationFault(common);
}

/** A server that is called by one name and taken by another may be somebody else's. */
function misnamed(cluster: Properties, common: Properties): string | undefined {
  const names = listOf(validationOf(common)?.match_typed_subject_alt_names).map(({ matcher }) =>
    String(matcher?.exact),
  );
  const hosts = endpointsOf(cluster).flatMap((address): Properties[] => address?.socket_address ?? []);
  const other = hosts.find(({ address }: Properties) => !names.includes(String(address)));
  if (other === undefined) return undefined;
  return `is taken by another name than ${String(other.address)}, by which it is called`;
}

function clientFault(cluster: Properties): string | undefined {
  const tls = cluster?.transport_socket?.typed_config;
  if (!String(tls?.["@type"] ?? "").endsWith(".UpstreamTlsContext")) return "is called in clear";
  const common = tls.common_tls_context ?? {};
  if (!isModern(common)) return "is called with TLS older than 1.2";
  if (listOf(common.tls_certificates).length === 0) return "is shown no certificate";
  return validationFault(common) ?? misnamed(cluster, common);
}

function endpointsOf({ load_assignment: assignment }: Properties): Properties[] {
  return listOf(assignment?.endpoints).flatMap(({ lb_endpoints: all }): Properties[] =>
    listOf(all).map(({ endpoint }): Properties => endpoint?.address),
  );
}

/** Listeners that do not ask every caller for a certificate, and servers that are not called with one, in words. */
export function envoyFaults({ static_resources: resources }: Properties): string[] {
  const listeners = listOf(resources?.listeners)
    .filter(({ address }) => !isWithinPod(address))
    .flatMap((listener) => {
      const chains = [
        ...listOf(listener.filter_chains),
        ...[listener.default_filter_chain ?? []].flat(),
      ] as Properties[];
      return (chains.length === 0 ? [{}] : chains).flatMap((chain) => {
        const fault = serverFault(chain);
        return fault === undefined ? [] : [`listener ${listener.name} ${fault}`];
      });
    });
  const clusters = listOf(resources?.clusters).flatMap((cluster) => {
    const endpoints = endpointsOf(cluster);
    const fault = endpoints.length > 0 && endpoints.every(isWithinPod) ? undefined : clientFault(cluster);
    return fault === undefined ? [] : [`cluster ${cluster.name} ${fault}`];
  });
  return [...listeners, ...clusters];
}
