import type { ApiObject } from "./api-client";
import { KWOK_USER } from "./credentials";

function clusterRole(name: string, rules: readonly unknown[]): ApiObject {
  return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
}

function clusterRoleBinding(role: string, user: string): ApiObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: role },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  };
}

/**
 * kwok plays all nodes and the storage at once, which the Node authorizer allows to none; it gets the least that playing
 * takes. What people may do is among the files of the first server.
 */
export const kwokGrant: readonly ApiObject[] = [
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
  clusterRoleBinding(KWOK_USER, KWOK_USER),
];
