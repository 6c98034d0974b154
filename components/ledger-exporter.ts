import { ports } from "./flows";

/** Where a collector finds its certificate and whom it trusts. */
export const collectorTls = {
  cert_file: "/etc/tls/collector.crt",
  key_file: "/etc/tls/collector.key",
  authority: "/etc/tls/services.pem",
} as const;

/** The part of a collector that keeps on its disk what was not delivered, and how far files were read. Synced. */
export const collectorStorage = {
  file_storage: { directory: "/data/queue", create_directory: true, fsync: true },
} as const;

const mebibyte = 1_048_576;

/**
 * The part of a collector that hands logs to the ledger by OTLP/HTTP, from a queue on its disk and for as long as it takes.
 *
 * @param path of the ledger's way in for what it brings.
 */
export const ledgerExporter = (path: string): object => ({
  logs_endpoint: `https://ledger.audit.svc:${ports.ledger}${path}`,
  encoding: "json",
  compression: "none",
  tls: {
    cert_file: collectorTls.cert_file,
    key_file: collectorTls.key_file,
    ca_file: collectorTls.authority,
    min_version: "1.3",
    server_name_override: "ledger.audit.svc",
  },
  // Its default gives a record up when the ledger was away for five minutes.
  retry_on_failure: { enabled: true, initial_interval: "1s", max_elapsed_time: "0s" },
  sending_queue: {
    enabled: true,
    storage: "file_storage",
    block_on_overflow: true,
    // One export at a time: what the guard records must not wait behind what others bring.
    num_consumers: 1,
    // The ledger takes twelve: what is larger would be given up.
    batch: { sizer: "bytes", flush_timeout: "200ms", min_size: mebibyte, max_size: 8 * mebibyte },
  },
});
