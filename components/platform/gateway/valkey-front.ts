import { ports } from "../../flows";
import { typed, type Json } from "./envoy-fields";
import { healthManager, listener } from "./envoy-http";
import { serverTls } from "./envoy-tls";
import { besideCounts, rateLimitHost, storeHealth } from "./limits-config";

export const valkeyProbes = 9907;
/** Folder that the store and its front share, and the socket in it: the store has no port at all. */
export const valkeyFolder = "/run/valkey";
export const valkeySocket = `${valkeyFolder}/valkey.sock`;

/**
 * What stands before the store, in its pod. The store itself would take any certificate of the services' circle: this asks
 * for the name of the one service that counts, and speaks TLS 1.3 alone. It is well while the store answers.
 */
export function valkeyFront(): Json {
  const counts = serverTls({ authority: "services", names: [rateLimitHost] }, "valkey");
  const toStore = {
    name: "envoy.filters.network.tcp_proxy",
    typed_config: typed("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", {
      stat_prefix: "store",
      cluster: "store",
    }),
  };
  return {
    node: { id: "front", cluster: "gateway" },
    overload_manager: besideCounts,
    static_resources: {
      listeners: [
        listener("store", ports.valkey, counts, toStore),
        listener("health", valkeyProbes, serverTls(undefined, "valkey"), healthManager("store")),
      ],
      clusters: [
        {
          name: "store",
          type: "STATIC",
          connect_timeout: "1s",
          health_checks: [storeHealth("2s")],
          load_assignment: {
            cluster_name: "store",
            endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: valkeySocket } } } }] }],
          },
        },
      ],
    },
  };
}
