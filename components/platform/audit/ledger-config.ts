import { auditLogName, auditor, recorderName } from "../../certificates";
import { ports } from "../../flows";
import { leafFiles, serviceTls } from "../workload/workload-plan";

export interface LedgerConfigArgs {
  readonly bucket: string;
  readonly region: string;
  /** Absent on AWS. */
  readonly endpoint?: string;
  /** Days that a sealed segment stays under COMPLIANCE lock. */
  readonly auditRetentionDays: number;
  /** Longest answer, seconds. */
  readonly requestTimeoutSeconds: number;
  /** Catalogue names of the models that serve. */
  readonly models: readonly string[];
  /** Whether pods of the cluster bring what the API server did. */
  readonly auditLog: boolean;
}

/** Where the kubelet asks: it has no certificate, and learns nothing there but whether the ledger is ready. */
export const ledgerProbes = 9905;

/**
 * The ledger's configuration. Its writers are the list of who may put what on the record: a service that is not on it, or
 * writes another kind, is refused.
 */
export function ledgerConfig({
  bucket,
  region,
  endpoint,
  auditRetentionDays,
  requestTimeoutSeconds,
  models,
  auditLog,
}: LedgerConfigArgs): object {
  const at = (port: number) => ({ address: "0.0.0.0", port });
  return {
    apiVersion: "cloister.dev/ledger/v1",
    listen: at(ports.ledger),
    probes: at(ledgerProbes),
    metrics: at(ports.ledgerMetrics),
    tls: serviceTls("ledger"),
    data: "/data",
    witness: "/data/witness.ndjson",
    signer: leafFiles("ledger-signer"),
    store: { bucket, region, ...(endpoint === undefined ? {} : { endpoint }), retainDays: auditRetentionDays },
    // An answer that still runs is not taken for one that was interrupted.
    interruptedSeconds: 2 * requestTimeoutSeconds,
    writers: [
      { name: "guard.gateway.svc", kinds: ["request.*", "incident.raised"] },
      { name: "collector.audit.svc", kinds: ["door.*"] },
      { name: recorderName, kinds: ["site.access", "cloudtrail.digest"] },
      ...(auditLog ? [{ name: auditLogName, kinds: ["kubernetes.audit"] }] : []),
      // Reads where the chain stands, and may write no kind.
      { name: auditor.commonName, kinds: [] },
    ],
    models,
  };
}
