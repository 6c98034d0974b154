/** Group of the people who run the cluster; their certificates end within hours. */
export const operatorsGroup = "cloister:operators";

const everyVerb = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/**
 * The first grant. Operators may do every ordinary thing to every resource; they may not impersonate, nor `escalate`,
 * `bind`, `approve` or `sign`, so whatever role they make can give no more than they have themselves.
 */
export const operatorManifests: readonly object[] = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: operatorsGroup },
    rules: [
      { apiGroups: ["*"], resources: ["*"], verbs: everyVerb },
      { nonResourceURLs: ["*"], verbs: ["get"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: operatorsGroup },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: operatorsGroup },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: operatorsGroup }],
  },
];
