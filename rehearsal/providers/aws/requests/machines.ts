import type { Json, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { text } from "../definition";
import type { Asking, Requests } from "./asked-kind";
import { retag, specification } from "./ec2";
import { at, capitals, firstAt, given, listAt, scalar, tagMap, tagsOf, textAt } from "./wire";

const outside = [
  "name",
  "namePrefix",
  "description",
  "tags",
  "tagsAll",
  "region",
  "updateDefaultVersion",
  "defaultVersion",
];
const wireNames = { vpcSecurityGroupIds: "SecurityGroupIds", securityGroups: "Groups" };

/** The inputs of a template write some flags as words. */
const flagged = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(flagged);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, flagged(item)]));
  return value === "true" ? true : value === "false" ? false : value;
};

function templateData(inputs: Properties): Json {
  const held = Object.entries(inputs).filter(([key, value]) => !outside.includes(key) && value !== undefined);
  const { tagSpecifications, ...data } = Object.fromEntries(held);
  const tagged = listAt({ tagSpecifications: tagSpecifications ?? [] }, "tagSpecifications").map((one) => ({
    ResourceType: one.resourceType ?? "",
    Tags: Object.entries(isObject(one.tags) ? one.tags : {}).map(([Key, Value]) => ({ Key, Value })),
  }));
  return {
    ...(capitals(flagged(data), wireNames) as Properties),
    ...(tagged.length && { TagSpecifications: tagged }),
  };
}

const launchTemplate: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateLaunchTemplate", {
        LaunchTemplateName: it.inputs.name,
        LaunchTemplateData: templateData(it.inputs),
        ...(it.inputs.description !== undefined && { VersionDescription: it.inputs.description }),
        ...specification(it, "launch-template"),
      }),
      "LaunchTemplate.LaunchTemplateId",
    ),
  put: async (it) => {
    if (!it.before) return;
    const LaunchTemplateId = it.id;
    const declared = JSON.stringify(templateData(it.inputs));
    const held = Object.fromEntries(
      Object.keys(it.inputs).flatMap((key) => (key in it.before! ? [[key, it.before![key]!]] : [])),
    );
    if (declared !== JSON.stringify(templateData(held)) || Object.keys(it.before).length === 0) {
      const LaunchTemplateData = templateData(it.inputs);
      const answer = await it.ask("ec2", "CreateLaunchTemplateVersion", { LaunchTemplateId, LaunchTemplateData });
      if (it.inputs.updateDefaultVersion === true) {
        const DefaultVersion = textAt(answer, "LaunchTemplateVersion.VersionNumber");
        await it.ask("ec2", "ModifyLaunchTemplate", { LaunchTemplateId, DefaultVersion });
      }
    }
    await retag(it);
  },
  look: async (it) => {
    const LaunchTemplateId = it.id;
    const answer = await it.ask("ec2", "DescribeLaunchTemplates", { LaunchTemplateIds: [it.id] });
    const found = firstAt(answer, "LaunchTemplates");
    if (!found) return undefined;
    const versions = await it.ask("ec2", "DescribeLaunchTemplateVersions", { LaunchTemplateId, Versions: ["$Latest"] });
    const data = at(versions, "LaunchTemplateVersions[0].LaunchTemplateData");
    return {
      name: found.LaunchTemplateName,
      ...declaredOf(it, isObject(data) ? data : {}),
      latestVersion: found.LatestVersionNumber,
      ...(it.inputs.defaultVersion !== undefined && { defaultVersion: found.DefaultVersionNumber }),
      tags: tagsOf(listAt(found, "Tags")),
    };
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteLaunchTemplate", { LaunchTemplateId: id })),
};

/** Of what a version holds, that which was declared and differs: sizes, flags and lists come back in other forms. */
function declaredOf(it: Asking, data: Properties): Properties {
  const declared = templateData(it.inputs) as Properties;
  const names = Object.keys(it.inputs).filter((name) => !outside.includes(name) && name !== "tagSpecifications");
  return Object.fromEntries(
    names.flatMap((name) => {
      const wire = (wireNames as Record<string, string>)[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
      const found = data[wire];
      if (found === undefined || isWithin(declared[wire], found)) return [];
      return [[name, found]];
    }),
  );
}

const isWithin = (declared: Json | undefined, found: Json): boolean => {
  if (Array.isArray(declared) && Array.isArray(found)) {
    return declared.length === found.length && declared.every((item, index) => isWithin(item, found[index]!));
  }
  if (isObject(declared) && isObject(found)) {
    return Object.entries(declared).every(([key, value]) => found[key] === undefined || isWithin(value, found[key]));
  }
  return scalar(declared) === scalar(found);
};

/** The group that EKS makes with each cluster. Moto does not: it is made here, so that rules in it are judged. */
const clusterGroup = async ({ ask, inputs }: Asking): Promise<Properties | undefined> => {
  const Filters = [{ Name: "group-name", Values: [`eks-cluster-sg-${text(inputs, "name")}`] }];
  return firstAt(await ask("ec2", "DescribeSecurityGroups", { Filters }), "SecurityGroups");
};

async function layClusterGroup(it: Asking): Promise<void> {
  const SubnetIds = at(it.inputs, "vpcConfig.subnetIds");
  if (it.before || !SubnetIds || (await clusterGroup(it))) return;
  const VpcId = textAt(await it.ask("ec2", "DescribeSubnets", { SubnetIds }), "Subnets[0].VpcId");
  const GroupName = `eks-cluster-sg-${text(it.inputs, "name")}`;
  await it.ask("ec2", "CreateSecurityGroup", { GroupName, VpcId, Description: "EKS created security group" });
}

const cluster: Requests = {
  make: async (it) => {
    const tags = tagMap(it.inputs);
    const encryption = it.inputs.encryptionConfig;
    await it.make("eks", "CreateCluster", {
      resourcesVpcConfig: it.inputs.vpcConfig,
      ...given(it.inputs, "name", "roleArn", "version", "kubernetesNetworkConfig", "accessConfig", "upgradePolicy"),
      ...given(it.inputs, "bootstrapSelfManagedAddons", "deletionProtection"),
      ...(encryption !== undefined && { encryptionConfig: [encryption] }),
      ...(it.inputs.enabledClusterLogTypes !== undefined && {
        logging: { clusterLogging: [{ types: it.inputs.enabledClusterLogTypes, enabled: true }] },
      }),
      ...(Object.keys(tags).length && { tags }),
    });
    return text(it.inputs, "name");
  },
  put: layClusterGroup,
  nested: (state, { clusterSecurityGroupId }) => ({
    vpcConfig: {
      ...(isObject(state.vpcConfig) ? state.vpcConfig : {}),
      ...(clusterSecurityGroupId !== undefined && { clusterSecurityGroupId }),
    },
  }),
  look: async (it) => {
    const found = at(await it.ask("eks", "DescribeCluster", { name: it.id }), "cluster") as Properties;
    const issuer = at(found, "identity.oidc.issuer");
    return {
      name: found.name,
      version: found.version,
      roleArn: found.roleArn,
      arn: found.arn,
      status: found.status,
      clusterSecurityGroupId: (await clusterGroup(it))?.GroupId,
      ...(found.endpoint !== undefined && { endpoint: found.endpoint }),
      ...(issuer !== undefined && { identities: [{ oidcs: [{ issuer }] }] }),
      tags: found.tags ?? {},
    };
  },
  remove: async (it) => {
    await it.ask("eks", "DeleteCluster", { name: it.id });
    const group = await clusterGroup(it);
    if (group) await it.ask("ec2", "DeleteSecurityGroup", { GroupId: group.GroupId });
  },
};

const named = ({ id }: Asking) => {
  const [clusterName = "", nodegroupName = ""] = id.split(":");
  return { clusterName, nodegroupName };
};

const nodeGroup: Requests = {
  make: async (it) => {
    const { inputs } = it;
    const tags = tagMap(inputs);
    await it.make("eks", "CreateNodegroup", {
      nodegroupName: inputs.nodeGroupName,
      nodeRole: inputs.nodeRoleArn,
      subnets: inputs.subnetIds,
      ...given(
        inputs,
        "clusterName",
        "scalingConfig",
        "amiType",
        "capacityType",
        "diskSize",
        "instanceTypes",
        "labels",
      ),
      ...given(inputs, "launchTemplate", "updateConfig", "nodeRepairConfig", "releaseVersion", "version"),
      ...(inputs.taints !== undefined && { taints: inputs.taints }),
      ...(Object.keys(tags).length && { tags }),
    });
    return `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`;
  },
  put: async (it) => {
    if (!it.before) return;
    await it.ask("eks", "UpdateNodegroupConfig", {
      ...named(it),
      ...given(it.inputs, "scalingConfig", "updateConfig"),
    });
  },
  look: async (it) => {
    const found = at(await it.ask("eks", "DescribeNodegroup", named(it)), "nodegroup") as Properties;
    return {
      nodeGroupName: found.nodegroupName,
      clusterName: found.clusterName,
      scalingConfig: found.scalingConfig,
      arn: found.nodegroupArn,
      status: found.status,
      tags: found.tags ?? {},
    };
  },
  remove: async (it) => void (await it.ask("eks", "DeleteNodegroup", named(it))),
};

export const machineRequests: Readonly<Record<string, Requests>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": launchTemplate,
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/nodeGroup:NodeGroup": nodeGroup,
};
