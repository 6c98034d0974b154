import { ports } from "../../flows";
import { accessLog } from "./envoy-access-log";
import { adminAddress, adminCluster, collectorCluster, guardCluster, rateLimitCluster } from "./envoy-clusters";
import { typed, type Json } from "./envoy-fields";
import {
  beforeFirstByte,
  healthManager,
  httpManager,
  listener,
  nothingElse,
  overload,
  statisticsRoute,
} from "./envoy-http";
import { identityFilter, tokenFilter, type DoorIdentity } from "./envoy-identity";
import { localLimit, sharedLimit, type DoorLimits } from "./envoy-limits";
import { localReplies } from "./envoy-replies";
import { modelFilter, rightsFilter, type ModelRight } from "./envoy-rights";
import { serverTls } from "./envoy-tls";
import { tracing, type DoorTraces } from "./envoy-traces";

export interface DoorModel {
  /** Catalogue name, by which clients ask for it. */
  readonly name: string;
  /** Longest prompt and answer together, tokens. */
  readonly maxModelLength: number;
}

export interface EnvoyConfigArgs {
  readonly host: string;
  /** Applications that may knock, one or more: the DNS name in each one's certificate. */
  readonly clients: readonly string[];
  /** Models that serve, one or more. */
  readonly models: readonly DoorModel[];
  /** Who says who a person is. */
  readonly identity: DoorIdentity;
  /** Which groups may use which models, one or more. */
  readonly access: readonly ModelRight[];
  /** Longest answer, seconds. */
  readonly requestTimeoutSeconds: number;
  /** Tokens of the local limit, requests per minute and pod. */
  readonly requestsPerMinute: number;
  /** Longest time in which a request has to arrive whole, seconds. Default: 60. */
  readonly arrivalSeconds?: number;
  /** Longest time in which a request's headers have to be there, seconds. Default: 10. */
  readonly headersSeconds?: number;
  /** Follow the list of certificates of applications that were taken back. Default: false. */
  readonly revocation?: boolean;
  /** What persons and groups may use. Default: only the pod's own limit holds, and nobody is asked. */
  readonly limits?: DoorLimits;
  /** Which requests are traced. Default: none. */
  readonly traces?: DoorTraces;
}

/** What the door lets through; what else a model server offers can pause it or load weights. */
export const allowedPaths = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models"] as const;

export const readinessPort = 9903;
const adminPath = "/tmp/admin.sock";

/** A ceiling on open connections of one pod, against a client that opens them without end. */
const mostConnections = 10_000;
/** Of the gibibyte that a pod of the door is given. */
const heapBytes = 838_860_800;

function routes({ requestTimeoutSeconds }: EnvoyConfigArgs): Json[] {
  const route: Json = {
    cluster: "guard",
    // Envoy's own 15 s would cut long generations; an answer that is not streamed is silent until it is whole. The guard
    // ends an answer that takes too long itself, and puts that on the record first.
    timeout: `${requestTimeoutSeconds + 5}s`,
    idle_timeout: `${requestTimeoutSeconds + 5}s`,
    // Only before anything was sent: what a guard has seen is on the record, and must not be there twice.
    retry_policy: beforeFirstByte,
  };
  return [...allowedPaths.map((path) => ({ name: path, match: { path }, route })), nothingElse];
}

/**
 * Longest body of a request, bytes. A token of text seldom takes more than 4 bytes, and JSON may write each as six; what names
 * tools and roles comes on top. Whatever is longer no model would take, so it is refused before it is passed on.
 */
export const longestRequest = (models: readonly DoorModel[]): number =>
  24 * Math.max(...models.map((model) => model.maxModelLength)) + 65_536;

const bodyFilter = (models: readonly DoorModel[]): Json => ({
  name: "envoy.filters.http.buffer",
  typed_config: typed("envoy.extensions.filters.http.buffer.v3.Buffer", { max_request_bytes: longestRequest(models) }),
});

function doorManager(args: EnvoyConfigArgs): Json {
  return httpManager({
    name: "door",
    domains: [args.host, `${args.host}:*`],
    routes: routes(args),
    // Cheap refusals first: nobody's body is read before it is known who they are.
    filters: [
      localLimit(args.requestsPerMinute),
      tokenFilter,
      identityFilter,
      ...(args.limits === undefined ? [] : [sharedLimit(args.limits)]),
      bodyFilter(args.models),
      modelFilter,
      rightsFilter(args.access, args.identity.secondFactors),
    ],
    silenceSeconds: args.requestTimeoutSeconds + 5,
    arrivalSeconds: args.arrivalSeconds,
    headersSeconds: args.headersSeconds,
    ...(args.traces === undefined ? {} : { tracing: tracing(args.traces) }),
    accessLog: accessLog(),
    replies: localReplies,
  });
}

/**
 * The door as Envoy reads it: a listener for applications, one for metrics, one for the kubelet. Everything is mutual TLS
 * but the last, which asks for no certificate and answers nothing but its health.
 */
export function envoyConfig(args: EnvoyConfigArgs): Json {
  const applications = serverTls({ authority: "clients", names: args.clients, revocation: args.revocation });
  const prometheus = serverTls({ authority: "services", names: ["prometheus.observability.svc"] });
  const metrics = httpManager({ name: "metrics", domains: ["*"], routes: [statisticsRoute, nothingElse] });
  return {
    // A configuration that is read from files again wants to know whose it is.
    node: { id: "door", cluster: "gateway" },
    admin: { address: adminAddress(adminPath) },
    overload_manager: overload(mostConnections, heapBytes),
    static_resources: {
      listeners: [
        listener("api", ports.door, applications, doorManager(args)),
        listener("metrics", ports.doorMetrics, prometheus, metrics),
        listener("health", readinessPort, serverTls(undefined), healthManager()),
      ],
      clusters: [
        guardCluster(),
        collectorCluster(),
        ...(args.limits === undefined ? [] : [rateLimitCluster()]),
        adminCluster(adminPath),
      ],
    },
  };
}
