import { ports } from "../../flows";
import { address, typed, type Json } from "./envoy-fields";
import { healthManager, listener } from "./envoy-http";
import { clientTls, serverTls } from "./envoy-tls";
import { besideCounts, storeHealth, valkeyHosts } from "./limits-config";

export const shardsProbes = 9908;
/** Folder that the service which counts and its way to the stores share, and the socket in it by which the one asks the other. */
export const shardsFolder = "/run/ratelimit";
export const shardsSocket = `${shardsFolder}/shards.sock`;

/** A store by its own name: the same count is always at the same one, wherever that runs. */
const storeEnd = (hostname: string): Json => ({
  endpoint: { hostname, address: address(hostname, ports.valkey) },
});

/**
 * The way from the service that counts to the stores. Each count is at one of them, by its name. While that one is away its
 * counts begin anew at another, once that is noticed, and nobody gets more than twice what they may; where none answers, nothing is
 * counted, and so nothing is let in.
 */
export function valkeyShards(): Json {
  const counts = {
    name: "envoy.filters.network.redis_proxy",
    typed_config: typed("envoy.extensions.filters.network.redis_proxy.v3.RedisProxy", {
      stat_prefix: "counts",
      settings: { op_timeout: "0.5s" },
      prefix_routes: { catch_all_route: { cluster: "valkey" } },
    }),
  };
  return {
    node: { id: "shards", cluster: "gateway" },
    overload_manager: besideCounts,
    static_resources: {
      listeners: [
        {
          name: "counts",
          address: { pipe: { path: shardsSocket, mode: 0o660 } },
          filter_chains: [{ filters: [counts] }],
        },
        listener("health", shardsProbes, serverTls(undefined, "ratelimit"), healthManager()),
      ],
      clusters: [
        {
          name: "valkey",
          type: "STRICT_DNS",
          connect_timeout: "1s",
          lb_policy: "MAGLEV",
          common_lb_config: {
            healthy_panic_threshold: { value: 0 },
            consistent_hashing_lb_config: { use_hostname_for_hashing: true },
          },
          health_checks: [storeHealth("1s")],
          load_assignment: {
            cluster_name: "valkey",
            endpoints: [{ lb_endpoints: valkeyHosts.map(storeEnd) }],
          },
          transport_socket: clientTls("ratelimit", valkeyHosts[0] ?? "", "http/1.1", valkeyHosts),
        },
      ],
    },
  };
}
