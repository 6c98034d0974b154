import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";

/**
 * The OpenTelemetry Collector of the audit zone: takes the door's log over mutual TLS, syncs it to a queue on its disk, and
 * hands it to the ledger for as long as it takes.
 */
export function collectorConfig(): object {
  const certificate = { cert_file: `${tlsPath}/collector.crt`, key_file: `${tlsPath}/collector.key` };
  return {
    extensions: { file_storage: { directory: "/data/queue", create_directory: true, fsync: true } },
    receivers: {
      otlp: {
        protocols: {
          grpc: {
            endpoint: `0.0.0.0:${ports.collector}`,
            tls: { ...certificate, client_ca_file: `${tlsPath}/services.pem`, min_version: "1.3" },
          },
        },
      },
    },
    exporters: {
      "otlp_http/door": {
        logs_endpoint: `https://ledger.audit.svc:${ports.ledger}/v1/logs/door`,
        encoding: "json",
        compression: "none",
        tls: {
          ...certificate,
          ca_file: `${tlsPath}/services.pem`,
          min_version: "1.3",
          server_name_override: "ledger.audit.svc",
        },
        // Its default gives a record up when the ledger was away for five minutes.
        retry_on_failure: { enabled: true, initial_interval: "1s", max_elapsed_time: "0s" },
        // One at a time: however often a caller is refused, what the guard records has not to wait behind it.
        sending_queue: { enabled: true, storage: "file_storage", block_on_overflow: true, num_consumers: 1 },
      },
    },
    service: {
      extensions: ["file_storage"],
      pipelines: { logs: { receivers: ["otlp"], exporters: ["otlp_http/door"] } },
      telemetry: { metrics: { level: "none" } },
    },
  };
}
