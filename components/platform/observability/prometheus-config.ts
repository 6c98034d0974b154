import { objectName } from "../../certificates";
import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";

const identity = { cert_file: `${tlsPath}/prometheus.crt`, key_file: `${tlsPath}/prometheus.key` };

/**
 * What Prometheus scrapes, over mutual TLS: the door, the guard, its way to the models and through that each model, and every
 * replica of the ledger. Targets are fixed or names that lead to all pods: no token of the API.
 */
export function prometheusConfig(models: readonly string[]): object {
  const scrape = (job: string, host: string, port: number, path: string, labels: Record<string, string> = {}) => ({
    job_name: job,
    scheme: "https",
    metrics_path: path,
    tls_config: { ...identity, ca_file: `${tlsPath}/services.pem`, server_name: host },
    dns_sd_configs: [{ names: [host], type: "A", port }],
    relabel_configs: Object.entries(labels).map(([name, value]) => ({ target_label: name, replacement: value })),
  });
  const guard = "guard.gateway.svc";
  return {
    global: { scrape_interval: "15s", scrape_timeout: "10s" },
    scrape_configs: [
      scrape("door", "envoy-metrics.gateway.svc", ports.doorMetrics, "/stats/prometheus"),
      scrape("guard", guard, ports.guardMetrics, "/metrics"),
      scrape("router", guard, ports.routerMetrics, "/stats/prometheus"),
      ...models.map((model) =>
        scrape(`model-${objectName(model)}`, guard, ports.routerMetrics, `/models/${objectName(model)}`, { model }),
      ),
      scrape("ledger", "ledger.audit.svc", ports.ledgerMetrics, "/metrics"),
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
