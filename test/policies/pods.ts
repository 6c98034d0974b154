import { leakGateSignature } from "./leak-gate";
import { mutualTlsArguments } from "./transport";

export const digest = `sha256:${"ab".repeat(32)}`;

const hardened = {
  runAsNonRoot: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
  readOnlyRootFilesystem: true,
};

function container(name: string, gpu = false) {
  return {
    name,
    image: `registry.example.internal/${name}@${digest}`,
    env: [{ name: "HF_HUB_OFFLINE", value: "1" }],
    args: ["--model", "/models/one", "--max-model-len", "8192", ...mutualTlsArguments],
    ports: [{ containerPort: 8000 }],
    readinessProbe: { httpGet: { path: "/health", port: 8000 } },
    resources: { limits: { cpu: "1", memory: "1Gi", ...(gpu ? { "nvidia.com/gpu": "1" } : {}) } },
    securityContext: structuredClone(hardened),
  };
}

/** A pod that every rule finds nothing wrong with. */
export function podSpec(gpu = false) {
  return {
    automountServiceAccountToken: false,
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" },
    ],
    initContainers: [container("prepare")],
    containers: [container("server", gpu)],
    volumes: [{ name: "scratch", emptyDir: {} }],
  };
}

const report = `sha256:${"cd".repeat(32)}`;
const hashes = [{ alg: "SHA-256", content: digest.slice("sha256:".length) }];

/** What a pod says of the model it serves. */
export const annotations = {
  "cloister.dev/model-digest": digest,
  "cloister.dev/model-bom": JSON.stringify({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    components: [
      { type: "machine-learning-model", name: "one", hashes },
      { type: "container", name: "server", hashes },
    ],
  }),
  "cloister.dev/leak-gate-digest": report,
  "cloister.dev/leak-gate-signature": leakGateSignature(report, digest),
};
export const labels = { "cloister.dev/stage": "production" };
