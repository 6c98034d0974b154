import type { Fixture } from "./fixture";

/** What an API server reads, as machines boot with it; the keys are elsewhere. */
export const apiServerFixtures = (): Fixture[] => [
  {
    type: "cloister:index:Machines",
    name: "machines",
    props: {
      encryptionConfiguration: {
        apiVersion: "apiserver.config.k8s.io/v1",
        kind: "EncryptionConfiguration",
        resources: [{ resources: ["secrets", "configmaps"], providers: [{ secretbox: { keys: [{ name: "one" }] } }] }],
      },
      auditPolicy: {
        apiVersion: "audit.k8s.io/v1",
        kind: "Policy",
        omitStages: ["RequestReceived"],
        rules: [
          { level: "None", nonResourceURLs: ["/livez*"] },
          {
            level: "Metadata",
            resources: [
              {
                group: "",
                resources: ["secrets", "serviceaccounts/token", "pods/exec", "pods/attach", "pods/portforward"],
              },
              { group: "authentication.k8s.io", resources: ["tokenreviews"] },
            ],
          },
          {
            level: "RequestResponse",
            resources: [{ group: "rbac.authorization.k8s.io" }, { group: "admissionregistration.k8s.io" }],
          },
          { level: "None", users: ["system:kube-scheduler"], verbs: ["get", "list", "watch"] },
          { level: "Metadata" },
        ],
      },
      apiServerArguments: [
        "encryption-provider-config=/etc/encryption.yaml",
        "audit-policy-file=/etc/audit.yaml",
        "audit-log-mode=blocking-strict",
        "authentication-config=/etc/authentication.yaml",
        "pod-security-admission-config-file=/etc/pod-security.yaml",
        "enable-admission-plugins=NodeRestriction",
        "tls-min-version=VersionTLS13",
      ],
      manifests: [
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          metadata: { name: "operators" },
          rules: [
            { apiGroups: [""], resources: ["secrets"], verbs: ["get"], resourceNames: ["envoy-tls"] },
            { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
          ],
        },
        {
          apiVersion: "admissionregistration.k8s.io/v1",
          kind: "ValidatingAdmissionPolicy",
          metadata: { name: "operators" },
          spec: {
            matchConditions: [{ name: "operators", expression: "'operators' in request.userInfo.groups" }],
            matchConstraints: {
              resourceRules: [
                {
                  apiGroups: ["*"],
                  apiVersions: ["*"],
                  operations: ["CREATE", "UPDATE", "DELETE"],
                  resources: ["*/*"],
                },
              ],
            },
            variables: [{ name: "labels", expression: "has(object.metadata.labels) ? object.metadata.labels : {}" }],
            validations: [
              { expression: "!has(request.namespace) || request.namespace != 'kube-system'" },
              {
                expression:
                  "request.resource.resource != 'namespaces' || !('pod-security.kubernetes.io/enforce' in variables.labels) || variables.labels['pod-security.kubernetes.io/enforce'] == 'restricted'",
              },
            ],
          },
        },
        {
          apiVersion: "admissionregistration.k8s.io/v1",
          kind: "ValidatingAdmissionPolicyBinding",
          metadata: { name: "operators" },
          spec: { policyName: "operators", validationActions: ["Deny"] },
        },
      ],
    },
  },
];
