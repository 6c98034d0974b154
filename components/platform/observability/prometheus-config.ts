import { objectName } from "../../certificates";
import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";

const identity = { cert_file: `${tlsPath}/prometheus.crt`, key_file: `${tlsPath}/prometheus.key` };

/** What Prometheus scrapes: the door, and through it each model, over mutual TLS. Targets are fixed: no token of the API. */
export function prometheusConfig(models: readonly string[]): object {
  const target = `envoy-metrics.gateway.svc:${ports.doorMetrics}`;
  const scrape = (job: string, path: string, labels: Record<string, string> = {}) => ({
    job_name: job,
    scheme: "https",
    metrics_path: path,
    tls_config: { ...identity, ca_file: `${tlsPath}/services.pem`, server_name: "envoy-metrics.gateway.svc" },
    static_configs: [{ targets: [target], labels }],
  });
  return {
    global: { scrape_interval: "15s", scrape_timeout: "10s" },
    scrape_configs: [
      scrape("door", "/stats/prometheus"),
      ...models.map((model) => scrape(`model-${objectName(model)}`, `/models/${objectName(model)}`, { model })),
    ],
  };
}

/** Prometheus' own interface: only a certificate of the services' authority may read it. */
export function prometheusWebConfig(): object {
  return {
    tls_server_config: {
      ...identity,
      client_ca_file: `${tlsPath}/services.pem`,
      client_auth_type: "RequireAndVerifyClientCert",
      min_version: "TLS13",
    },
  };
}
