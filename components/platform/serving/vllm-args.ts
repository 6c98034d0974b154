import { tlsPath } from "../workload/workload-plan";
import { ports } from "../../flows";

export interface ServedModel {
  /** Catalogue name, by which clients ask for it. */
  readonly name: string;
  /** GPU pool whose nodes it runs on. */
  readonly pool: string;
  /** Model servers that share its requests. */
  readonly replicas: number;
  /** GPUs of one node that each of them takes. */
  readonly gpusPerReplica: number;
  /** Longest prompt and answer together, tokens. */
  readonly maxModelLength: number;
  /** What the leak gate found in its weights. Default: no gate was passed, and the model serves as a trial. */
  readonly leakGate?: {
    /** Digest of the report, `sha256:…`. */
    readonly digest: string;
    /** The gate's Ed25519 signature over report and weights, base64. */
    readonly signature: string;
  };
}

export const weightsPath = "/weights";

/** What one model server asks for besides its GPUs: tokenising and scheduling; weights pass through memory once. */
export const serverSize = { cpus: 8, memoryGib: 64 } as const;

/** What all model servers need together while a new one of each model starts beside the old ones. */
export function serversNeed(models: readonly ServedModel[]) {
  const gpus = models.reduce((sum, model) => sum + (model.replicas + 1) * model.gpusPerReplica, 0);
  const pods = models.reduce((sum, model) => sum + model.replicas + 1, 0);
  return { cpus: pods * serverSize.cpus, memoryGib: pods * serverSize.memoryGib, pods, gpus };
}

/** Arguments of `vllm serve`: TLS with a certificate asked of the caller, usage always counted, streams finished on stop. */
export function vllmArgs(model: ServedModel, drainSeconds: number): string[] {
  return [
    weightsPath,
    "--served-model-name",
    model.name,
    "--host",
    "0.0.0.0",
    "--port",
    `${ports.vllm}`,
    "--tensor-parallel-size",
    `${model.gpusPerReplica}`,
    "--max-model-len",
    `${model.maxModelLength}`,
    "--ssl-certfile",
    `${tlsPath}/vllm.crt`,
    "--ssl-keyfile",
    `${tlsPath}/vllm.key`,
    "--ssl-ca-certs",
    `${tlsPath}/callers.pem`,
    // 2 is Python's ssl.CERT_REQUIRED: no certificate of the callers' authority, no connection.
    "--ssl-cert-reqs",
    "2",
    // Without it a streamed answer tells no token count and escapes every limit.
    "--enable-force-include-usage",
    // Its default of 0 aborts streams on SIGTERM.
    "--shutdown-timeout",
    `${drainSeconds}`,
  ];
}

/** Nothing is fetched and nothing is reported: the weights are in the pod, and there is no way out. */
export const vllmEnvironment: Record<string, string> = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
  HOME: "/tmp",
  XDG_CACHE_HOME: "/tmp/cache",
  VLLM_CACHE_ROOT: "/tmp/cache/vllm",
};
