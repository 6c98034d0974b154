import type { ApiObject } from "./api-client";
import { KWOK_USER, OPERATORS } from "./credentials";

const ALL_VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

function clusterRole(name: string, rules: readonly unknown[]): ApiObject {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
}

function clusterRoleBinding(role: string, kind: "Group" | "User", name: string): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: role },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind, name }],
  };
}

/**
 * The first grants. Operators may do every ordinary thing to every resource; they may not impersonate, nor `escalate`,
 * `bind`, `approve` or `sign`, so whatever role they make can give no more than they have themselves.
 */
export const firstRoles: readonly ApiObject[] = [
  clusterRole(OPERATORS, [
    { apiGroups: ["*"], resources: ["*"], verbs: ALL_VERBS },
    { nonResourceURLs: ["*"], verbs: ["get"] },
  ]),
  // kwok plays all nodes and the storage at once, which the Node authorizer allows to none; it gets the least that playing takes.
  clusterRole(KWOK_USER, [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["nodes/status", "pods/status"], verbs: ["patch"] },
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch", "delete"] },
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "watch"] },
    {
      apiGroups: [""],
      resources: ["persistentvolumes"],
      verbs: ["get", "list", "watch", "create", "patch", "delete"],
    },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "list", "watch", "create", "update"] },
  ]),
];

export const firstBindings: readonly ApiObject[] = [
  clusterRoleBinding(OPERATORS, "Group", OPERATORS),
  clusterRoleBinding(KWOK_USER, "User", KWOK_USER),
];
