import { ports } from "../../flows";
import { collectorStorage, collectorTls, ledgerExporter } from "../../ledger-exporter";

/**
 * The OpenTelemetry Collector of the audit zone: takes the door's log over mutual TLS, syncs it to a queue on its disk, and
 * hands it to the ledger for as long as it takes.
 */
export function collectorConfig(): object {
  const { cert_file, key_file, authority } = collectorTls;
  return {
    extensions: collectorStorage,
    receivers: {
      otlp: {
        protocols: {
          grpc: {
            endpoint: `0.0.0.0:${ports.collector}`,
            tls: { cert_file, key_file, client_ca_file: authority, min_version: "1.3" },
          },
        },
      },
    },
    exporters: { "otlp_http/door": ledgerExporter("/v1/logs/door") },
    service: {
      extensions: ["file_storage"],
      pipelines: { logs: { receivers: ["otlp"], exporters: ["otlp_http/door"] } },
      telemetry: { metrics: { level: "none" } },
    },
  };
}
