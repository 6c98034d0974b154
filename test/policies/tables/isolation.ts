import { access, first, initial, nightly, pod, UNKNOWN, world, type RuleTables } from "./table";
import { policyOf } from "../policy-documents";

export const isolation: RuleTables = {
  "NET-01": {
    judged: "serving",
    violations: [
      { of: "default-deny", path: "" },
      { of: "default-deny", path: "spec.policyTypes", value: ["Ingress"] },
      { of: "default-deny", path: "spec.podSelector", value: { matchLabels: { app: "vllm" } } },
      { of: "default-deny", path: "spec.egress", value: [{ to: [{ podSelector: {} }] }] },
      { of: "default-deny", path: "metadata.namespace", value: "audit" },
    ],
    unknown: { of: "default-deny", path: "metadata.namespace", value: UNKNOWN },
  },
  "NET-02": {
    judged: "from-gateway",
    violations: [
      { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: world },
      { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: "128.0.0.0/1" },
      { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: "::/0" },
      { of: "from-gateway", path: "spec.egress.0.to" },
      { of: "from-gateway", path: "spec.ingress.0.from", value: [] },
      { of: "from-gateway", path: "spec.ingress.0.from.0", value: {} },
      { of: "from-gateway", path: "spec.ingress.0.from.0.namespaceSelector", value: {} },
    ],
    unknown: { of: "from-gateway", path: "spec.egress.0.to.0.ipBlock.cidr", value: UNKNOWN },
  },
  "NET-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "vpcConfig.endpointPublicAccess", value: true },
      { of: "cluster", path: "vpcConfig.endpointPublicAccess" },
      { of: "cluster", path: "vpcConfig.endpointPrivateAccess", value: false },
    ],
    unknown: { of: "cluster", path: "vpcConfig.endpointPublicAccess", value: UNKNOWN },
  },
  "NET-04": {
    judged: "cluster",
    violations: [
      { of: "cni", path: "" },
      { of: "cni", path: "configurationValues", value: "{}" },
      { of: "cni", path: "configurationValues", value: JSON.stringify({ enableNetworkPolicy: "false" }) },
    ],
    unknown: { of: "cni", path: "configurationValues", value: UNKNOWN },
  },
  "NET-05": {
    judged: "route",
    violations: [
      { of: "route", path: "destinationCidrBlock", value: world },
      { of: "route", path: "gatewayId", value: "igw-0123" },
      { of: "nat", path: "connectivityType", judged: "nat" },
      { of: "subnet", path: "mapPublicIpOnLaunch", value: true, judged: "subnet" },
      { of: "routes", path: "routes.0.cidrBlock", value: world, judged: "routes" },
      { of: "subnet", path: "assignIpv6AddressOnCreation", value: true, judged: "subnet" },
      { of: "subnet", path: "cidrBlock", value: world, judged: "subnet" },
      { of: "vpc", path: "cidrBlock", value: world, judged: "vpc" },
      { of: "vpc", path: "assignGeneratedIpv6CidrBlock", value: true, judged: "vpc" },
    ],
    unknown: { of: "route", path: "destinationCidrBlock", value: UNKNOWN },
  },
  "NET-06": {
    judged: "group",
    violations: [
      { of: "group", path: "ingress.0.cidrBlocks.0", value: world },
      { of: "group", path: "ingress.0.ipv6CidrBlocks", value: ["::/0"] },
      { of: "group", path: "egress", value: [{ cidrBlocks: [world] }] },
      { of: "group-rule", path: "cidrIpv4", value: world, judged: "group-rule" },
      { of: "default-group", path: "ingress", value: [{ self: true }], judged: "default-group" },
      { of: "group-rule", path: "ipProtocol", value: "-1", judged: "group-rule" },
      { of: "group-rule", path: "fromPort", value: 0, judged: "group-rule" },
      { of: "group-rule", path: "toPort", value: 65535, judged: "group-rule" },
      { of: "access-list", path: "ingress.0.cidrBlock", value: world, judged: "access-list" },
      { of: "access-list", path: "ingress.0.action", value: "elsewhere", judged: "access-list" },
      { of: "access-list", path: "ingress.0.protocol", value: "-1", judged: "access-list" },
      { of: "access-list", path: "ingress.0.fromPort", value: 1, judged: "access-list" },
      { of: "access-list", path: "egress.0.toPort", value: 65535000, judged: "access-list" },
    ],
    unknown: { of: "group", path: "ingress.0.cidrBlocks", value: UNKNOWN },
  },
  "NET-07": {
    judged: "vpc",
    violations: [
      { of: "endpoint-kms", path: "" },
      { of: "endpoint-s3", path: "policy", judged: "endpoint-s3" },
      {
        of: "endpoint-s3",
        path: "policy",
        value: policyOf({ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }),
        judged: "endpoint-s3",
      },
    ],
    unknown: { of: "endpoint-kms", path: "serviceName", value: UNKNOWN },
  },
  "NET-08": {
    judged: "vault",
    violations: [
      { of: access, path: "" },
      ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((path) => ({
        of: access,
        path,
        value: false,
      })),
      { of: "account-block", path: "blockPublicPolicy", value: false, judged: "account-block" },
      { of: "ownership", path: "rule.objectOwnership", value: "ObjectWriter", judged: "ownership" },
    ],
    unknown: { of: access, path: "blockPublicAcls", value: UNKNOWN },
  },
  "NET-09": {
    judged: "door",
    violations: [
      { of: "door", path: "metadata.namespace", value: "serving" },
      { of: "door", path: "spec.loadBalancerClass" },
      { of: "door", path: "spec.loadBalancerClass", value: "public" },
      {
        of: "door",
        path: "metadata.annotations",
        value: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" },
      },
      { of: "door", path: "spec.externalIPs", value: ["203.0.113.1"] },
      { of: "door", path: "spec.type", value: "ExternalName" },
      { of: "ingress", path: "metadata.namespace", value: "models", judged: "ingress" },
      { of: "balancer", path: "internal", judged: "balancer" },
    ],
    unknown: { of: "door", path: "metadata.namespace", value: UNKNOWN },
  },
  "NET-10": {
    judged: "serving",
    violations: [
      { of: "serving", path: "metadata.labels", value: { "pod-security.kubernetes.io/enforce-version": "v1.36" } },
      {
        of: "serving",
        path: "metadata.labels",
        value: {
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": "latest",
        },
      },
    ],
    unknown: { of: "serving", path: "metadata.labels", value: UNKNOWN },
  },
  "NET-11": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${initial}.securityContext.privileged`, value: true },
      { of: "vllm", path: `${first}.securityContext.privileged`, value: true },
      { of: "vllm", path: `${pod}.hostNetwork`, value: true },
      { of: "vllm", path: `${pod}.hostPID`, value: true },
      { of: "vllm", path: `${pod}.hostIPC`, value: true },
      { of: "vllm", path: `${pod}.volumes.0`, value: { name: "host", hostPath: { path: "/" } } },
      { of: "vllm", path: `${first}.ports.0.hostPort`, value: 80 },
      { of: "pod", path: "spec.hostNetwork", value: true, judged: "pod" },
      { of: "nightly", path: `${nightly}.hostNetwork`, value: true, judged: "nightly" },
    ],
    unknown: { of: "vllm", path: `${pod}.hostNetwork`, value: UNKNOWN },
  },
  "NET-12": {
    judged: "vllm",
    violations: [
      { of: "vllm", path: `${first}.securityContext.runAsNonRoot`, value: false },
      { of: "vllm", path: `${first}.securityContext.runAsUser`, value: 0 },
      { of: "vllm", path: `${first}.securityContext.allowPrivilegeEscalation` },
      { of: "vllm", path: `${first}.securityContext.capabilities.drop`, value: ["NET_RAW"] },
      { of: "vllm", path: `${first}.securityContext.capabilities.add`, value: ["SYS_ADMIN"] },
      { of: "vllm", path: `${first}.securityContext.seccompProfile` },
      { of: "vllm", path: `${initial}.securityContext.readOnlyRootFilesystem`, value: false },
    ],
    unknown: { of: "vllm", path: `${first}.securityContext`, value: UNKNOWN },
  },
  "NET-13": {
    judged: "gpu-template",
    violations: [
      { of: "gpu-template", path: "placement.tenancy", value: "default" },
      { of: "gpu-nodes", path: "taints", value: [] },
      { of: "gpu-nodes", path: "instanceTypes", value: ["g6.xlarge"], judged: "gpu-nodes" },
      { of: "gpu-nodes", path: "taints.0.effect", value: "PREFER_NO_SCHEDULE" },
    ],
    unknown: { of: "gpu-template", path: "placement.tenancy", value: UNKNOWN },
    beyond: { of: "gpu-template", path: "instanceType", value: "m7i.large" },
  },
  "NET-14": {
    judged: "gpu-template",
    violations: [
      { of: "gpu-template", path: "metadataOptions.httpTokens", value: "optional" },
      { of: "gpu-template", path: "metadataOptions.httpPutResponseHopLimit", value: 2 },
      { of: "gpu-template", path: "metadataOptions" },
    ],
    unknown: { of: "gpu-template", path: "metadataOptions.httpTokens", value: UNKNOWN },
  },
};
