import { certificateSecretName, certifiedApplications } from "../../certificates";
import { operatorsGroup } from "../operators-group";

const read = ["get", "list", "watch"];
const admissionKinds = ["validatingadmissionpolicies", "validatingadmissionpolicybindings"];
const all = [...read, "create", "update", "patch", "delete"];

const rule = (apiGroup: string, verbs: readonly string[], ...resources: string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

/**
 * What operators may do, named kind by kind. Whatever leads further is not among it: tokens of service accounts, a shell in a
 * pod, the kubelets' own API, Secrets of others, volumes of the nodes' paths, kinds by which RKE2 installs charts, and every change to rights,
 * certificates and admission, but for the one policy that the platform itself brings.
 */
const rules = [
  rule("", all, "namespaces", "services", "configmaps", "serviceaccounts"),
  // The engine makes and renews these, and waits for one that goes; no other Secret is the operators' to read or to list.
  rule("", ["create"], "secrets"),
  {
    ...rule("", ["get", "watch", "update", "patch", "delete"], "secrets"),
    resourceNames: certifiedApplications.map(certificateSecretName),
  },
  rule("", all, "persistentvolumeclaims", "resourcequotas", "limitranges"),
  rule("", [...read, "delete"], "pods"),
  rule("", ["create"], "pods/eviction"),
  rule("", read, "pods/log", "pods/status", "events", "endpoints", "persistentvolumes", "replicationcontrollers"),
  rule("", [...read, "patch"], "nodes"),
  rule("apps", all, "deployments", "statefulsets", "daemonsets"),
  rule("apps", [...read, "update", "patch"], "deployments/scale", "statefulsets/scale"),
  rule("apps", read, "replicasets", "controllerrevisions"),
  rule("batch", all, "jobs", "cronjobs"),
  rule("networking.k8s.io", all, "networkpolicies"),
  rule("networking.k8s.io", read, "ingresses", "ingressclasses"),
  rule("policy", all, "poddisruptionbudgets"),
  rule("autoscaling", all, "horizontalpodautoscalers"),
  rule("scheduling.k8s.io", read, "priorityclasses"),
  rule("storage.k8s.io", all, "storageclasses"),
  rule("storage.k8s.io", read, "volumeattachments", "csidrivers", "csinodes", "csistoragecapacities"),
  rule("discovery.k8s.io", read, "endpointslices"),
  rule("events.k8s.io", read, "events"),
  rule("coordination.k8s.io", read, "leases"),
  rule("metrics.k8s.io", read, "nodes", "pods"),
  rule("rbac.authorization.k8s.io", read, "roles", "rolebindings", "clusterroles", "clusterrolebindings"),
  rule("admissionregistration.k8s.io", read, ...admissionKinds),
  // By this one name, which the platform gives its own: what holds operators themselves is called otherwise.
  {
    ...rule("admissionregistration.k8s.io", ["create", "update", "patch", "delete"], ...admissionKinds),
    resourceNames: ["cloister-images"],
  },
  rule("apiextensions.k8s.io", read, "customresourcedefinitions"),
];

const level = "pod-security.kubernetes.io/enforce";

/**
 * What no list of kinds can say. In the namespaces of the control plane a pod may run as accounts that may do everything; and
 * in a namespace that lets pods do everything, a pod is its node.
 */
const limits = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: operatorsGroup.replace(":", "-") },
  spec: {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        { apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE", "UPDATE", "DELETE"], resources: ["*/*"] },
      ],
    },
    matchConditions: [{ name: "operators", expression: `'${operatorsGroup}' in request.userInfo.groups` }],
    validations: [
      {
        expression: "!has(request.namespace) || !request.namespace.startsWith('kube-')",
        message: "the namespaces of the control plane are not the operators': a pod there could do everything",
      },
      {
        expression: [
          "request.resource.resource != 'namespaces'",
          "request.operation == 'DELETE'",
          "!has(object.metadata.labels)",
          `!('${level}' in object.metadata.labels)`,
          `object.metadata.labels['${level}'] == 'restricted'`,
        ].join(" || "),
        message: "a namespace of operators enforces the restricted Pod Security level",
      },
    ],
  },
};

/** The first grant, which the first server applies: what operators may do, and where they may not. */
export const operatorManifests: readonly object[] = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: operatorsGroup },
    rules,
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: operatorsGroup },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: operatorsGroup },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: operatorsGroup }],
  },
  limits,
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: limits.metadata.name },
    spec: { policyName: limits.metadata.name, validationActions: ["Deny"] },
  },
];
