import { asYaml } from "./as-yaml";

/** What an API server reads at its start, YAML each. */
export interface ApiServerDocuments {
  readonly audit: string;
  readonly admission: string;
  readonly authentication: string;
  readonly encryption: string;
}

/**
 * What is written down, and how much of it. Bodies of secrets, tokens and exec streams are never in the log: those
 * are recorded as metadata (who, what, when, from where, with what outcome). The first rule that matches decides.
 */
export const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  // One record of a request is enough, and it is the one with the outcome.
  omitStages: ["RequestReceived"],
  // Who manages which field is noise that can hold a secret's field names.
  omitManagedFields: true,
  rules: [
    { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi*"] },
    {
      level: "Metadata",
      resources: [
        { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
        { group: "authentication.k8s.io", resources: ["tokenreviews"] },
        { group: "", resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers"] },
      ],
    },
    // Who gave whom which rights: the whole change, not only that there was one.
    {
      level: "RequestResponse",
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
      resources: [{ group: "rbac.authorization.k8s.io" }, { group: "admissionregistration.k8s.io" }],
    },
    // The control loops renew, heartbeat and watch all day long.
    {
      level: "None",
      resources: [
        { group: "coordination.k8s.io", resources: ["leases"] },
        { group: "", resources: ["events", "nodes/status"] },
        { group: "events.k8s.io", resources: ["events"] },
      ],
    },
    {
      level: "None",
      userGroups: ["system:nodes", "system:serviceaccounts:kube-system"],
      verbs: ["get", "list", "watch"],
    },
    {
      level: "None",
      users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"],
      verbs: ["get", "list", "watch"],
    },
    { level: "Metadata" },
  ],
};

/**
 * A namespace that says nothing is held to `restricted`; only the control plane's own is free.
 *
 * @param kubernetesMinor such as `1.36`.
 */
export function admissionConfiguration(kubernetesMinor: string) {
  const version = `v${kubernetesMinor}`;
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: {
            enforce: "restricted",
            "enforce-version": version,
            audit: "restricted",
            "audit-version": version,
            warn: "restricted",
            "warn-version": version,
          },
          exemptions: { usernames: [], runtimeClasses: [], namespaces: ["kube-system"] },
        },
      },
    ],
  };
}

/** Without an identity one may ask whether the server is well, and nothing else. */
export const authenticationConfiguration = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthenticationConfiguration",
  anonymous: { enabled: true, conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }] },
};

/** Name of the key at rest: it stands before every value in etcd, so that one sees which key sealed it. */
export const encryptionKeyName = "cloister-1";

const secretsAndConfiguration = (keys: readonly object[]) => ({
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "EncryptionConfiguration",
  resources: [{ resources: ["secrets", "configmaps"], providers: [{ secretbox: { keys } }] }],
});

/** The encryption configuration without its key: what a reviewer, and the gate, may see of it. */
export const sealedEncryptionConfiguration = secretsAndConfiguration([{ name: encryptionKeyName }]);

/**
 * Secrets and configuration are encrypted before they reach etcd, with XSalsa20-Poly1305 (`secretbox`): of the local
 * providers, Kubernetes calls `aescbc` weak and has `aesgcm` rotated every 200,000 writes. There is no `identity`
 * provider: what lies in clear is refused, not read.
 *
 * @param key 32 bytes, base64.
 */
export const encryptionConfiguration = (key: string) =>
  secretsAndConfiguration([{ name: encryptionKeyName, secret: key }]);

/** The four documents of an API server. */
export const apiServerDocuments = (kubernetesMinor: string, encryptionKey: string): ApiServerDocuments => ({
  audit: asYaml(auditPolicy),
  admission: asYaml(admissionConfiguration(kubernetesMinor)),
  authentication: asYaml(authenticationConfiguration),
  encryption: asYaml(encryptionConfiguration(encryptionKey)),
});
