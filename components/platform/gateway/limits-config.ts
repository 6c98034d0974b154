import { limitsCaller, valkeyReplicas } from "../../certificates";
import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";
import { typed, type Json } from "./envoy-fields";
import { overload } from "./envoy-http";

/** Names by which those who count are reached. */
export const rateLimitHost = "ratelimit.gateway.svc";
const valkeyHost = "valkey.gateway.svc";

/** The stores by their own names. */
export const valkeyHosts = Array.from({ length: valkeyReplicas }, (_, index) => `valkey-${index}.${valkeyHost}`);

/** What the store may hold, mebibytes; a count takes some two hundred bytes. */
const valkeyMebibytes = 384;

/** Connections and bytes of memory of an Envoy beside what counts: it carries two services' counts and nothing else. */
export const besideCounts = overload(256, 100_663_296);

/** How Envoy asks a store whether it is well. */
export const storeHealth = (interval: string): Json => ({
  timeout: "1s",
  interval,
  no_traffic_interval: interval,
  unhealthy_threshold: 2,
  healthy_threshold: 1,
  custom_health_check: {
    name: "envoy.health_checkers.redis",
    typed_config: typed("envoy.extensions.health_checkers.redis.v3.Redis"),
  },
});

/**
 * How envoyproxy/ratelimit is told everything but its limits: it reads its environment. Only its gRPC port is reached from
 * elsewhere; its two in clear are on this pod's own loopback, on ports that nobody knows.
 */
export const rateLimitEnvironment = (store: string): Record<string, string> => ({
  GRPC_HOST: "0.0.0.0",
  GRPC_PORT: String(ports.rateLimit),
  GRPC_SERVER_USE_TLS: "true",
  GRPC_SERVER_TLS_CERT: `${tlsPath}/ratelimit.crt`,
  GRPC_SERVER_TLS_KEY: `${tlsPath}/ratelimit.key`,
  GRPC_CLIENT_TLS_CACERT: `${tlsPath}/services.pem`,
  GRPC_CLIENT_TLS_SAN: limitsCaller,
  HOST: "127.0.0.1",
  PORT: "0",
  DEBUG_HOST: "127.0.0.1",
  DEBUG_PORT: "0",
  // Its own library trusts the world's authorities besides the one it is given: there are none here.
  SSL_CERT_FILE: `${tlsPath}/services.pem`,
  SSL_CERT_DIR: `${tlsPath}/none`,
  BACKEND_TYPE: "redis",
  // Its way to the stores is beside it, in the same pod.
  REDIS_SOCKET_TYPE: "unix",
  REDIS_TYPE: "SINGLE",
  REDIS_URL: store,
  REDIS_TIMEOUT: "1s",
  RUNTIME_ROOT: "/etc/ratelimit",
  // With none it would read no limit, and let everything in.
  RUNTIME_SUBDIRECTORY: ".",
  // Beginning of the names of its files: what else is there is not for it.
  RUNTIME_APPDIRECTORY: "limits",
  RUNTIME_WATCH_ROOT: "true",
  // A ConfigMap's own links begin with dots.
  RUNTIME_IGNOREDOTFILES: "true",
  // Its numbers leave in clear or not at all: the door and the guard count what it answers.
  USE_STATSD: "false",
  DISABLE_STATS: "true",
  LOG_LEVEL: "warn",
  LOG_FORMAT: "json",
});

/**
 * Arguments of the store. Each second it syncs what it appended: a process that is killed loses no count, a machine that
 * loses power one second's. It never evicts a count: where it is full, nothing more is counted and so nothing more is let in.
 * Whoever it lets in may add to counts, and do nothing else.
 */
export const valkeyArgs = (socket: string): string[] => [
  ...["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"],
  ...["--user", "default", "on", "nopass", "resetkeys", "~door_*", "~tokens_*", "resetchannels"],
  ...["-@all", "+ping", "+incrby", "+expire"],
  ...["--dir", "/data", "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
  ...["--maxmemory", `${valkeyMebibytes}mb`, "--maxmemory-policy", "noeviction"],
];
