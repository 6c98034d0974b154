import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import { clusterInterface } from "./network-config";
import { firstServer } from "./machine";

const name = "kube-vip";
const namespace = "kube-system";
const metadata = { name, namespace, labels: { "app.kubernetes.io/name": name } };
const role = "node-role.kubernetes.io/control-plane";

const settings = (environment: OnSiteEnvironment): Record<string, string> => ({
  address: environment.footprint.network.apiServer,
  port: "6443",
  vip_interface: clusterInterface(environment.footprint, firstServer(environment.footprint)),
  vip_subnet: "32",
  vip_arp: "true",
  vip_leaderelection: "true",
  vip_leaseduration: "5",
  vip_renewdeadline: "3",
  vip_retryperiod: "1",
  cp_enable: "true",
  cp_namespace: namespace,
  // Addresses of services are Cilium's to announce.
  svc_enable: "false",
  prometheus_server: "127.0.0.1:2112",
  // The API server of its own machine: the virtual address is what it is here to make.
  KUBERNETES_SERVICE_HOST: "127.0.0.1",
  KUBERNETES_SERVICE_PORT: "6443",
});

/**
 * One server at a time answers for the API's virtual address. It holds a lease and may do nothing else in the cluster: as a
 * static pod it would need the administrator's own kubeconfig.
 *
 * @param image reference by digest, from the private registry.
 */
export function kubeVipManifests(environment: OnSiteEnvironment, image: string): object[] {
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [
        { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
        {
          apiGroups: ["coordination.k8s.io"],
          resources: ["leases"],
          resourceNames: ["plndr-cp-lock"],
          verbs: ["get", "update", "patch", "watch"],
        },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
      subjects,
    },
    {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata,
      spec: {
        selector: { matchLabels: metadata.labels },
        template: {
          metadata: { labels: metadata.labels },
          spec: {
            serviceAccountName: name,
            hostNetwork: true,
            priorityClassName: "system-node-critical",
            nodeSelector: { [role]: "true" },
            tolerations: [
              { key: role, operator: "Exists", effect: "NoSchedule" },
              { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoSchedule" },
            ],
            containers: [
              {
                name,
                image,
                args: ["manager"],
                env: Object.entries(settings(environment)).map(([key, value]) => ({ name: key, value })),
                resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] },
                  readOnlyRootFilesystem: true,
                },
              },
            ],
          },
        },
      },
    },
  ];
}
