import { ports } from "../../flows";
import { tlsPath } from "../workload/workload-plan";

export interface CollectorConfigArgs {
  readonly bucket: string;
  readonly region: string;
  /** Absent on AWS. */
  readonly endpoint?: string;
}

/**
 * The OpenTelemetry Collector as the audit zone's first workload: takes the door's request records over mutual TLS,
 * queues them on disk, and writes them to the locked bucket. It acknowledges before its disk has synced, so a power cut
 * may lose the newest records: the ledger, which does not, will stand in its place.
 */
export function collectorConfig({ bucket, region, endpoint }: CollectorConfigArgs): object {
  return {
    extensions: { file_storage: { directory: "/data/queue", create_directory: true, fsync: true } },
    receivers: {
      otlp: {
        protocols: {
          grpc: {
            endpoint: `0.0.0.0:${ports.collector}`,
            tls: {
              cert_file: `${tlsPath}/collector.crt`,
              key_file: `${tlsPath}/collector.key`,
              client_ca_file: `${tlsPath}/services.pem`,
              min_version: "1.3",
            },
          },
        },
      },
    },
    exporters: {
      awss3: {
        s3uploader: {
          region,
          s3_bucket: bucket,
          s3_prefix: "door",
          s3_partition_timezone: "UTC",
          // Two collectors write side by side, and a locked object is never written over.
          unique_key_func_name: "uuidv7",
          ...(endpoint === undefined ? {} : { endpoint, s3_force_path_style: true }),
        },
        marshaler: "otlp_json",
        // Its default gives a record up when the store was away for five minutes.
        retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
        sending_queue: { enabled: true, storage: "file_storage", block_on_overflow: true },
      },
    },
    service: {
      extensions: ["file_storage"],
      pipelines: { logs: { receivers: ["otlp"], exporters: ["awss3"] } },
      telemetry: { metrics: { level: "none" } },
    },
  };
}
