import { parse, stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { rateLimitEnvironment } from "../../../components/platform/gateway/limits-config";
import { valkeyFront } from "../../../components/platform/gateway/valkey-front";
import { valkeyShards } from "../../../components/platform/gateway/valkey-shards";
import { hiddenIn } from "../../../policies/reading/envoy";
import { configurationFaults, environmentFault, isRateLimit } from "../../../policies/reading/mutual-tls";

// What is broken is at any path.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Parts = any;

const broken = (change: (envoy: Parts) => unknown): Record<string, unknown> => {
  const envoy = parse(stringify(valkeyFront())) as Record<string, unknown>;
  change(envoy);
  return envoy;
};
const tls = (envoy: Parts): Parts => envoy.static_resources.listeners[0].filter_chains[0].transport_socket.typed_config;
const validation = (envoy: Parts): Parts => tls(envoy).common_tls_context.validation_context;
const end = (envoy: Parts): Parts =>
  envoy.static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint;

describe("a front of a store", () => {
  it.each([
    ["the store's own", valkeyFront()],
    ["the way to the stores", valkeyShards()],
  ])("is read as what it is: %s", (_name, envoy) => {
    expect(hiddenIn(envoy)).toBeUndefined();
    expect(configurationFaults(envoy)).toEqual([]);
  });

  it.each([
    ["asks for no certificate", (envoy: Parts) => (tls(envoy).require_client_certificate = false)],
    ["takes any name", (envoy: Parts) => delete validation(envoy).match_typed_subject_alt_names],
    [
      "takes an application",
      (envoy: Parts) => (validation(envoy).match_typed_subject_alt_names[0].matcher.exact = "support-desk"),
    ],
    ["leads out of its pod", (envoy: Parts) => (end(envoy).address = { socket_address: { address: "10.0.0.1" } })],
    [
      "leads elsewhere besides",
      (envoy: Parts) => void (envoy.static_resources.clusters as object[]).push({ name: "model" }),
    ],
    ["leads nowhere that it says", (envoy: Parts) => (envoy.static_resources.clusters[0].name = "another")],
  ])("hides what passes where it %s", (_name, change) => {
    expect(hiddenIn(broken(change))).toBe("listener store passes on what is not read as HTTP");
  });
});

describe("a service that is told by its environment how it speaks", () => {
  const environment = (more: Record<string, string> = {}) =>
    new Map(Object.entries({ ...rateLimitEnvironment("/run/ratelimit/shards.sock"), ...more }));

  it("asks every caller for a certificate of one name", () => {
    expect(isRateLimit(environment())).toBe(true);
    expect(environmentFault(environment())).toBeUndefined();
    expect(isRateLimit(new Map([["AWS_REGION", "ams1"]]))).toBe(false);
  });

  it.each([
    ["GRPC_SERVER_USE_TLS", "false", "answers in clear"],
    ["GRPC_CLIENT_TLS_CACERT", "", "answers whoever calls"],
    ["GRPC_CLIENT_TLS_SAN", "", "takes every certificate"],
    ["HOST", "0.0.0.0", "open to others"],
    ["DEBUG_HOST", "", "open to others"],
  ])("does not where %s is %o", (name, value, reason) => {
    expect(environmentFault(environment({ [name]: value }))).toContain(reason);
  });
});
