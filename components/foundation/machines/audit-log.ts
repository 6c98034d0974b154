import { collectorStorage, collectorTls, ledgerExporter } from "../../ledger-exporter";
import { auditLogPods } from "../../flows";
import { asYaml } from "./as-yaml";
import type { KeyPair, MachineSecrets } from "./machine-secrets";
import { rke2Paths } from "./rke2-paths";

const { namespace, labels } = auditLogPods;
const name = labels["app.kubernetes.io/name"];
const metadata = { name, namespace, labels };
const role = "node-role.kubernetes.io/control-plane";
const tlsFolder = "/etc/rancher/rke2/audit-log";
const logs = rke2Paths.auditLog.replace(/\/[^/]+$/, "");

/** The collector on a server: reads what the API server wrote, from where it had come to, and hands it to the ledger. */
export const auditLogConfig = {
  extensions: collectorStorage,
  receivers: {
    file_log: {
      // What was rotated away while nobody read is read too.
      include: [rke2Paths.auditLog, rke2Paths.auditLog.replace(/\.log$/, "-*.log")],
      start_at: "beginning",
      storage: "file_storage",
      // A change of rights is written whole, before and after.
      max_log_size: "8MiB",
    },
  },
  exporters: { "otlp_http/kubernetes": ledgerExporter("/v1/logs/kubernetes") },
  service: {
    extensions: ["file_storage"],
    pipelines: { logs: { receivers: ["file_log"], exporters: ["otlp_http/kubernetes"] } },
    telemetry: { metrics: { level: "none" } },
  },
};

/** What it shows the ledger, on the disk of a server: absolute path to PEM. */
export function auditLogFiles({ auditLog, registry }: MachineSecrets): Record<string, string> {
  const at = (path: string): string => path.replace("/etc/tls", tlsFolder);
  // What an earlier foundation handed out holds none.
  if ((auditLog as KeyPair | undefined) === undefined)
    throw new Error("the foundation made no certificate for the audit log: run `up` first");
  return {
    [at(collectorTls.cert_file)]: auditLog.certificate,
    [at(collectorTls.key_file)]: auditLog.key,
    [at(collectorTls.authority)]: registry.authority,
  };
}

const mounts = [
  { name: "configuration", mountPath: "/etc/collector", readOnly: true },
  { name: "tls", mountPath: "/etc/tls", readOnly: true },
  { name: "logs", mountPath: logs, readOnly: true },
  { name: "data", mountPath: "/data" },
];

const hostPath = (path: string, type: "Directory" | "DirectoryOrCreate") => ({ hostPath: { path, type } });

/**
 * A collector on each server. It runs as root, which owns the log, with no capability and no token: of the machine it sees the
 * log, its own certificate and its own queue.
 *
 * @param image reference by digest, from the private registry.
 */
export const auditLogManifests = (image: string): object[] => [
  { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
  { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "collector.yaml": asYaml(auditLogConfig) } },
  {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          priorityClassName: "system-node-critical",
          nodeSelector: { [role]: "true" },
          tolerations: [{ key: role, operator: "Exists", effect: "NoSchedule" }],
          containers: [
            {
              name,
              image,
              args: ["--config", "/etc/collector/collector.yaml"],
              resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
              securityContext: {
                runAsUser: 0,
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
                seccompProfile: { type: "RuntimeDefault" },
              },
              volumeMounts: mounts,
            },
          ],
          volumes: [
            { name: "configuration", configMap: { name } },
            { name: "tls", ...hostPath(tlsFolder, "Directory") },
            { name: "logs", ...hostPath(logs, "Directory") },
            { name: "data", ...hostPath("/var/lib/cloister/audit-log", "DirectoryOrCreate") },
          ],
        },
      },
    },
  },
];
