import { beforeAll, describe, expect, it } from "vitest";
import { auditor, leafSpecifications } from "../../../components/certificates";
import { ports } from "../../../components/flows";
import type { Platform } from "../../../components/platform";
import { collectorConfig } from "../../../components/platform/audit/collector-config";
import { ledgerConfig } from "../../../components/platform/audit/ledger-config";
import { prometheusConfig, prometheusWebConfig } from "../../../components/platform/observability/prometheus-config";
import { vllmArgs } from "../../../components/platform/serving/vllm-args";
import { ledgerConfiguration } from "../../../services/ledger/config";
import { readEnvironment } from "../../../stacks/environment";
import type { World } from "../recorded-world";
import { recordPlatform, workloadsOf } from "./platform-world";

const environment = readEnvironment("on-prem");
const leaves = leafSpecifications({
  doorHost: environment.platform.door.host,
  clients: environment.platform.door.clients.map((client) => client.name),
  models: environment.platform.models.map((model) => model.name),
});
let world: World<Platform>;
beforeAll(async () => {
  world = await recordPlatform(environment);
});
const container = (name: string) => {
  const found = workloadsOf(world).find(({ inputs }) => inputs.metadata.name === name);
  const first = found?.inputs.spec.template.spec.containers[0];
  if (first === undefined) throw new Error(`there is no workload named ${name}`);
  return first;
};
/** The value after a flag. */
const valueOf = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

describe("the model server", () => {
  const [model] = environment.platform.models;
  const args = model === undefined ? [] : vllmArgs(model, 600);

  it("reads the weights of its pod, by position, and answers to the model's name", () => {
    expect(args[0]).toBe("/weights");
    expect(valueOf(args, "--served-model-name")).toBe("qwen3-8b");
  });

  it("takes no connection without a certificate of the callers, and counts every token", () => {
    expect(valueOf(args, "--ssl-cert-reqs")).toBe("2");
    expect(valueOf(args, "--ssl-ca-certs")).toBe("/etc/tls/callers.pem");
    expect(args).toContain("--enable-force-include-usage");
    expect(valueOf(args, "--shutdown-timeout")).toBe("600");
  });
});

describe("the registry of models", () => {
  it("answers to the names in its certificate, and to no other", () => {
    const hosts = valueOf(container("mlflow").args, "--allowed-hosts")?.split(",");
    expect(hosts).toEqual(leaves.mlflow?.dnsNames.map((name) => `${name}:${ports.mlflow}`));
  });

  it("asks for a certificate of the services", () => {
    const uvicorn = valueOf(container("mlflow").args, "--uvicorn-opts");
    expect(uvicorn).toContain("--ssl-ca-certs /etc/tls/services.pem");
    expect(uvicorn).toContain("--ssl-cert-reqs 2");
  });
});

describe("the ledger", () => {
  const config = ledgerConfiguration.parse({
    ...ledgerConfig({
      bucket: "audit",
      region: "ams1",
      auditRetentionDays: 2190,
      requestTimeoutSeconds: 7200,
      models: [],
      auditLog: true,
    }),
  });

  it("takes no answer for interrupted that may still run", () => {
    expect(config.interruptedSeconds).toBe(14_400);
  });

  it("lets an auditor read where it stands, and write nothing", () => {
    expect(config.writers.filter(({ name }) => name === auditor.commonName)).toEqual([
      { name: "auditor.audit.svc", kinds: [], subjects: false },
    ]);
    // No stack keeps that certificate.
    expect(Object.values(leaves).flatMap(({ dnsNames }) => dnsNames)).not.toContain(auditor.commonName);
  });
});

describe("the collector", () => {
  const config = collectorConfig();

  it("gives no record up while the ledger is away", () => {
    expect(config).toMatchObject({
      extensions: { file_storage: { fsync: true } },
      exporters: {
        "otlp_http/door": {
          retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
          sending_queue: { enabled: true, storage: "file_storage", block_on_overflow: true },
        },
      },
    });
  });

  it("takes records over mutual TLS 1.3 alone", () => {
    expect(config).toMatchObject({
      receivers: {
        otlp: { protocols: { grpc: { tls: { client_ca_file: "/etc/tls/services.pem", min_version: "1.3" } } } },
      },
    });
    expect(Object.keys((config as { receivers: object }).receivers)).toEqual(["otlp"]);
  });
});

describe("Prometheus", () => {
  it("scrapes the door, the guard, each model through its router, and the ledger, by names in their certificates", () => {
    const { scrape_configs: scrapes } = prometheusConfig(["qwen3-8b", "llama-3.1-8b-instruct"]) as {
      scrape_configs: { scheme: string; metrics_path: string; tls_config: { server_name: string } }[];
    };
    expect(scrapes.map((scrape) => scrape.metrics_path)).toEqual([
      "/stats/prometheus",
      "/metrics",
      "/stats/prometheus",
      "/models/qwen3-8b",
      "/models/llama-3-1-8b-instruct",
      "/metrics",
    ]);
    const carried = [leaves.door, leaves.guard, leaves.ledger].flatMap((leaf) => leaf?.dnsNames ?? []);
    for (const { scheme, tls_config } of scrapes) {
      expect(scheme).toBe("https");
      expect(carried).toContain(tls_config.server_name);
    }
  });

  it("shows its own interface to nobody without a certificate", () => {
    expect(prometheusWebConfig()).toMatchObject({
      tls_server_config: { client_auth_type: "RequireAndVerifyClientCert", min_version: "TLS13" },
    });
  });
});

it("has the door follow a list of certificates that were taken back, where the environment has one", async () => {
  const revokedCertificates = "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n";
  const { platform, ...rest } = readEnvironment("on-prem");
  const door = { ...platform.door, revokedCertificates };
  const listed = await recordPlatform({ ...rest, platform: { ...platform, door } });
  const files = (name: string, of: typeof listed) => (of.inputs(name) as { data: Record<string, string> }).data;
  const listedFiles = files("platform-gateway-door-envoy-configuration", listed);
  expect(listedFiles["clients.crl.pem"]).toBe(revokedCertificates);
  expect(listedFiles["envoy.yaml"]).toContain("validation_context_sds_secret_config");
  const without = files("platform-gateway-door-envoy-configuration", await recordPlatform(readEnvironment("on-prem")));
  expect(Object.keys(without).sort()).toEqual(["envoy.yaml", "token.yaml"]);
  expect(without["envoy.yaml"]).not.toContain("sds_secret");
});
