import { asYaml } from "./as-yaml";
import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import { firstServer } from "./machine";
import { clusterInterface } from "./network-config";

/** Values for the chart of Cilium that RKE2 brings. */
const values = {
  // RKE2 balances the API on every machine's own address.
  k8sServiceHost: "localhost",
  k8sServicePort: "6443",
  kubeProxyReplacement: true,
  // What pods send each other never crosses the wire in clear, whatever the application does.
  encryption: { enabled: true, type: "wireguard" },
  l2announcements: { enabled: true },
  k8sClientRateLimit: { qps: 20, burst: 40 },
  hubble: { enabled: false },
  operator: { replicas: 2 },
};

/**
 * The cluster's network: policies, encryption between machines, and the door's address announced on the machines' network
 * and nowhere else.
 */
export const ciliumManifests = (environment: OnSiteEnvironment): object[] => [
  {
    apiVersion: "helm.cattle.io/v1",
    kind: "HelmChartConfig",
    metadata: { name: "rke2-cilium", namespace: "kube-system" },
    spec: { valuesContent: asYaml(values) },
  },
  {
    apiVersion: "cilium.io/v2",
    kind: "CiliumLoadBalancerIPPool",
    metadata: { name: "door" },
    spec: { blocks: [{ cidr: environment.footprint.network.loadBalancerCidr }] },
  },
  {
    apiVersion: "cilium.io/v2alpha1",
    kind: "CiliumL2AnnouncementPolicy",
    metadata: { name: "door" },
    spec: {
      interfaces: [
        `^${clusterInterface(environment.footprint, firstServer(environment.footprint)).replace(".", "\\.")}$`,
      ],
      loadBalancerIPs: true,
      externalIPs: false,
      nodeSelector: {
        matchExpressions: [{ key: "node-role.kubernetes.io/control-plane", operator: "DoesNotExist" }],
      },
    },
  },
];
