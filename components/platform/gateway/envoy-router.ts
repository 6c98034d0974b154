import { objectName } from "../../certificates";
import { ports } from "../../flows";
import { adminAddress, adminCluster, modelCluster, modelClusterName } from "./envoy-clusters";
import type { DoorModel } from "./envoy-config";
import type { Json } from "./envoy-fields";
import {
  beforeFirstByte,
  healthManager,
  httpManager,
  listener,
  nothingElse,
  overload,
  statisticsRoute,
} from "./envoy-http";
import { serverTls } from "./envoy-tls";

export interface RouterConfigArgs {
  /** Models that serve, one or more. */
  readonly models: readonly DoorModel[];
  /** Longest answer, seconds. */
  readonly requestTimeoutSeconds: number;
}

export const routerProbes = 9904;
/** Folder that the guard and its router share, and the socket in it by which the one asks the other. */
export const routerFolder = "/run/router";
export const routerSocket = `${routerFolder}/router.sock`;
const adminPath = "/tmp/router-admin.sock";

const modelPaths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"];

function modelRoutes({ models, requestTimeoutSeconds }: RouterConfigArgs): Json[] {
  return models.flatMap(({ name }) =>
    modelPaths.map((path) => ({
      match: { path, headers: [{ name: "x-cloister-model", string_match: { exact: name } }] },
      route: {
        cluster: modelClusterName(name),
        timeout: `${requestTimeoutSeconds + 5}s`,
        idle_timeout: `${requestTimeoutSeconds + 5}s`,
        // Only before the first byte: what a client has seen cannot be taken back.
        // A server that is going says so with 503 and has computed nothing: another one is asked.
        retry_policy: {
          ...beforeFirstByte,
          retry_on: `${String(beforeFirstByte["retry_on"])},retriable-status-codes`,
          retriable_status_codes: [503],
        },
      },
      // It has done its service; a model server is told nothing that it does not need.
      request_headers_to_remove: ["x-cloister-model"],
    })),
  );
}

/**
 * The way from the guard to the model servers: balancing, breakers, and tries before the first byte. It listens on a socket
 * within the guard's pod, so nobody else can come this way, and it alone holds the certificate that model servers accept.
 */
export function routerConfig(args: RouterConfigArgs): Json {
  const prometheus = serverTls({ authority: "services", names: ["prometheus.observability.svc"] }, "guard");
  const models = httpManager({
    name: "models",
    domains: ["*"],
    routes: [...modelRoutes(args), nothingElse],
    silenceSeconds: args.requestTimeoutSeconds + 5,
    local: true,
  });
  const metrics = httpManager({
    name: "metrics",
    domains: ["*"],
    routes: [
      statisticsRoute,
      ...args.models.map(({ name }) => ({
        match: { path: `/models/${objectName(name)}` },
        route: { cluster: modelClusterName(name), prefix_rewrite: "/metrics" },
      })),
      nothingElse,
    ],
  });
  return {
    node: { id: "router", cluster: "gateway" },
    admin: { address: adminAddress(adminPath) },
    overload_manager: overload(4096, 419_430_400),
    static_resources: {
      listeners: [
        {
          name: "models",
          address: { pipe: { path: routerSocket, mode: 0o660 } },
          filter_chains: [{ filters: [models] }],
        },
        listener("metrics", ports.routerMetrics, prometheus, metrics),
        listener("health", routerProbes, serverTls(undefined, "guard"), healthManager()),
      ],
      clusters: [...args.models.map(({ name }) => modelCluster(name)), adminCluster(adminPath)],
    },
  };
}
