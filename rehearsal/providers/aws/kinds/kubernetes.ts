import type { CheckFailure, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { shown } from "../../schema-check";
import { arnOf, derivedId, exactlyOne, text, under } from "../definition";
import type { Definitions, Resource } from "../definition";
import { arn, between, cidr4, identifier, json, matching, oneOf, policy } from "../rules";

const made = ({ before }: Resource, property = "createdAt"): Properties => ({
  [property]: before?.[property] ?? new Date().toISOString(),
});
const joined =
  (separator: string, ...names: readonly string[]) =>
  ({ inputs }: Resource): string =>
    names.map((name) => text(inputs, name)).join(separator);

const minor = matching(/^1\.\d{2}$/, "a Kubernetes minor version, such as 1.35");
const resolution = oneOf("NONE", "OVERWRITE", "PRESERVE");

function clusterFailures({ vpcConfig, encryptionConfig }: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (isObject(vpcConfig)) {
    const { subnetIds, endpointPrivateAccess = false, endpointPublicAccess = true } = vpcConfig;
    if (Array.isArray(subnetIds) && subnetIds.length < 2) {
      const reason = `found ${subnetIds.length}: must be at least two subnets, in two availability zones`;
      failures.push({ property: "vpcConfig.subnetIds", reason });
    }
    if (!endpointPrivateAccess && !endpointPublicAccess) {
      const reason = "found false: at least one of endpointPrivateAccess and endpointPublicAccess must be true";
      failures.push({ property: "vpcConfig.endpointPrivateAccess", reason });
    }
  }
  if (
    isObject(encryptionConfig) &&
    Array.isArray(encryptionConfig.resources) &&
    encryptionConfig.resources.length !== 1
  ) {
    failures.push({ property: "encryptionConfig.resources", reason: 'must be ["secrets"]' });
  }
  return failures;
}

function nodeGroupFailures(inputs: Properties): CheckFailure[] {
  const { scalingConfig, launchTemplate, updateConfig, diskSize } = inputs;
  const failures: CheckFailure[] = [];
  if (isObject(scalingConfig)) {
    const { minSize, desiredSize, maxSize } = scalingConfig;
    if (Number(minSize) > Number(desiredSize) || Number(desiredSize) > Number(maxSize)) {
      const found = [minSize, desiredSize, maxSize].map(shown).join(", ");
      const reason = `found ${found}: must be minSize ≤ desiredSize ≤ maxSize`;
      failures.push({ property: "scalingConfig.desiredSize", reason });
    }
  }
  if (isObject(launchTemplate)) {
    failures.push(...under("launchTemplate", exactlyOne(launchTemplate, "id", "name")));
    if (diskSize !== undefined) {
      failures.push({ property: "diskSize", reason: "belongs into the launch template where there is one" });
    }
  }
  if (isObject(updateConfig)) {
    failures.push(...under("updateConfig", exactlyOne(updateConfig, "maxUnavailable", "maxUnavailablePercentage")));
  }
  return failures;
}

const ofCluster = { clusterName: matching(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "the name of a cluster") };

export const kubernetesKinds: Definitions = {
  "aws:eks/cluster:Cluster": {
    name: {
      property: "name",
      rule: matching(
        /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
        "1 to 100 letters, digits, _ or -, beginning with a letter or digit",
      ),
    },
    defaults: { bootstrapSelfManagedAddons: true },
    replaceOn: [
      ...["name", "roleArn", "bootstrapSelfManagedAddons", "outpostConfig", "encryptionConfig.provider"],
      ...["kubernetesNetworkConfig.serviceIpv4Cidr", "kubernetesNetworkConfig.ipFamily"],
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
    ],
    rules: {
      roleArn: arn("iam"),
      version: minor,
      "accessConfig.authenticationMode": oneOf("API", "API_AND_CONFIG_MAP", "CONFIG_MAP"),
      "enabledClusterLogTypes[*]": oneOf("api", "audit", "authenticator", "controllerManager", "scheduler"),
      "encryptionConfig.provider.keyArn": arn("kms"),
      "encryptionConfig.resources[*]": oneOf("secrets"),
      "kubernetesNetworkConfig.ipFamily": oneOf("ipv4", "ipv6"),
      "kubernetesNetworkConfig.serviceIpv4Cidr": cidr4(12, 24),
      "upgradePolicy.supportType": oneOf("STANDARD", "EXTENDED"),
      "vpcConfig.subnetIds[*]": identifier("subnet"),
      "vpcConfig.securityGroupIds[*]": identifier("sg"),
      "vpcConfig.publicAccessCidrs[*]": cidr4(),
    },
    alsoCheck: clusterFailures,
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => {
      const { region, dnsSuffix } = resource.scope;
      const host = resource.digits(32, "host").toUpperCase();
      const standIn = "stand-in: computed in a rehearsal, no certificate authority exists";
      return {
        ...made(resource),
        arn: arnOf(resource, "eks", `cluster/${resource.id}`),
        certificateAuthority: { data: Buffer.from(standIn).toString("base64") },
        endpoint: `https://${host}.rehearsal.${region}.eks.${dnsSuffix}`,
        identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.${dnsSuffix}/id/${host}` }] }],
        status: "ACTIVE",
        vpcConfig: {
          ...(resource.inputs.vpcConfig as Properties),
          clusterSecurityGroupId: derivedId("sg", resource.digits(16, "security group")),
        },
      };
    },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    name: {
      property: "nodeGroupName",
      prefixProperty: "nodeGroupNamePrefix",
      rule: matching(/^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/, "1 to 63 letters, digits, _ or -"),
    },
    replaceOn: [
      ...[
        "clusterName",
        "nodeGroupName",
        "nodeGroupNamePrefix",
        "nodeRoleArn",
        "subnetIds",
        "instanceTypes",
        "amiType",
      ],
      ...["capacityType", "diskSize", "remoteAccess", "launchTemplate.id", "launchTemplate.name"],
    ],
    rules: {
      ...ofCluster,
      nodeRoleArn: arn("iam"),
      amiType: matching(
        /^(AL2|AL2023|BOTTLEROCKET|WINDOWS)_[A-Za-z0-9_]+$|^CUSTOM$/,
        "an AMI type, such as BOTTLEROCKET_x86_64_NVIDIA",
      ),
      capacityType: oneOf("ON_DEMAND", "SPOT", "CAPACITY_BLOCK"),
      version: minor,
      "subnetIds[*]": identifier("subnet"),
      "scalingConfig.minSize": between(0, 100_000),
      "scalingConfig.maxSize": between(1, 100_000),
      "scalingConfig.desiredSize": between(0, 100_000),
      "taints[*].effect": oneOf("NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"),
      "launchTemplate.id": identifier("lt"),
      "updateConfig.maxUnavailable": between(1, 100),
      "updateConfig.maxUnavailablePercentage": between(1, 100),
      "updateConfig.updateStrategy": oneOf("DEFAULT", "MINIMAL"),
    },
    alsoCheck: nodeGroupFailures,
    id: joined(":", "clusterName", "nodeGroupName"),
    outputs: (resource) => {
      const path = joined("/", "clusterName", "nodeGroupName")(resource);
      const unique = resource.digits(12, "group");
      return {
        arn: arnOf(resource, "eks", `nodegroup/${path}/${unique}`),
        resources: [{ autoscalingGroups: [{ name: `eks-${text(resource.inputs, "nodeGroupName")}-${unique}` }] }],
        status: "ACTIVE",
      };
    },
  },
  "aws:eks/addon:Addon": {
    replaceOn: ["clusterName", "addonName"],
    rules: {
      ...ofCluster,
      addonVersion: matching(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "a version such as v1.2.3-eksbuild.1"),
      configurationValues: json,
      resolveConflictsOnCreate: oneOf("NONE", "OVERWRITE"),
      resolveConflictsOnUpdate: resolution,
      serviceAccountRoleArn: arn("iam"),
    },
    id: joined(":", "clusterName", "addonName"),
    outputs: (resource) => ({
      ...made(resource),
      modifiedAt: new Date().toISOString(),
      arn: arnOf(resource, "eks", `addon/${joined("/", "clusterName", "addonName")(resource)}/${resource.digits(12)}`),
    }),
  },
  "aws:eks/accessEntry:AccessEntry": {
    defaults: { type: "STANDARD" },
    replaceOn: ["clusterName", "principalArn", "type"],
    rules: {
      ...ofCluster,
      principalArn: arn("iam"),
      type: oneOf("STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"),
      "kubernetesGroups[*]": matching(/^(?!system:).+$/, "a group that does not begin with system:"),
    },
    id: joined(":", "clusterName", "principalArn"),
    outputs: (resource) => ({
      ...made(resource),
      modifiedAt: new Date().toISOString(),
      accessEntryArn: arnOf(
        resource,
        "eks",
        `access-entry/${text(resource.inputs, "clusterName")}/${resource.digits(12)}`,
      ),
    }),
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    replaceOn: ["clusterName", "principalArn", "policyArn", "accessScope"],
    rules: {
      ...ofCluster,
      principalArn: arn("iam"),
      policyArn: matching(
        /^arn:aws[a-z-]*:eks::aws:cluster-access-policy\/\w+$/,
        "an access policy, such as arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
      ),
      "accessScope.type": oneOf("cluster", "namespace"),
    },
    alsoCheck: ({ accessScope }) =>
      isObject(accessScope) && accessScope.type === "namespace" && accessScope.namespaces === undefined
        ? [{ property: "accessScope.namespaces", reason: "found nothing: the scope namespace needs their names" }]
        : [],
    id: joined("#", "clusterName", "principalArn", "policyArn"),
    outputs: (resource) => ({ ...made(resource, "associatedAt"), modifiedAt: new Date().toISOString() }),
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    replaceOn: ["clusterName", "namespace", "serviceAccount"],
    rules: { ...ofCluster, roleArn: arn("iam"), targetRoleArn: arn("iam"), policy },
    id: ({ digits }) => `a-${digits(17)}`,
    outputs: (resource) => ({
      associationArn: arnOf(
        resource,
        "eks",
        `podidentityassociation/${text(resource.inputs, "clusterName")}/${resource.id}`,
      ),
      associationId: resource.id,
    }),
  },
};
