import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../provider";
import { isObject } from "../../property-path";
import { arnOf, newId, text } from "../definition";
import type { Definitions, Resource } from "../definition";
import { arn, between, either, identifier, matching, oneOf } from "../rules";

// They say what the template is called and which version counts, and are no part of what a version holds.
const outsideVersions = ["tags", "tagsAll", "updateDefaultVersion", "defaultVersion", "latestVersion", "arn"];

function versions({ inputs, before }: Resource): Properties {
  const held = (state: Properties) => Object.entries(state).filter(([key]) => !outsideVersions.includes(key));
  const latest = Number(before?.latestVersion ?? 0);
  const isNew = !before || !isDeepStrictEqual(Object.fromEntries(held(before)), Object.fromEntries(held(inputs)));
  const latestVersion = isNew ? latest + 1 : latest;
  const given = inputs.updateDefaultVersion === true ? latestVersion : inputs.defaultVersion;
  return { latestVersion, defaultVersion: given ?? before?.defaultVersion ?? 1 };
}

const switched = oneOf("enabled", "disabled");
const volume = "blockDeviceMappings[*].ebs";

export const machineKinds: Definitions = {
  "aws:ec2/launchTemplate:LaunchTemplate": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^[A-Za-z0-9().\-/_]{3,128}$/, "3 to 128 letters, digits, or any of ( ) . - / _"),
    },
    replaceOn: ["name", "namePrefix"],
    rules: {
      imageId: either(identifier("ami"), matching(/^resolve:ssm:.+$/, "resolve:ssm: and the name of a parameter")),
      instanceType: matching(/^[a-z0-9-]+\.[a-z0-9-]+$/, "an instance type, such as p5.48xlarge"),
      "vpcSecurityGroupIds[*]": identifier("sg"),
      "placement.tenancy": oneOf("default", "dedicated", "host"),
      "metadataOptions.httpEndpoint": switched,
      "metadataOptions.httpProtocolIpv6": switched,
      "metadataOptions.instanceMetadataTags": switched,
      "metadataOptions.httpTokens": oneOf("optional", "required"),
      "metadataOptions.httpPutResponseHopLimit": between(1, 64),
      [`${volume}.encrypted`]: oneOf("true", "false"),
      [`${volume}.deleteOnTermination`]: oneOf("true", "false"),
      [`${volume}.kmsKeyId`]: arn("kms"),
      [`${volume}.volumeType`]: oneOf("standard", "io1", "io2", "gp2", "gp3", "sc1", "st1"),
      [`${volume}.volumeSize`]: between(1, 65536, "GiB"),
      userData: matching(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, "text in base64"),
    },
    alsoCheck: ({ placement }) =>
      isObject(placement) && placement.tenancy === "host" && placement.groupName !== undefined
        ? [{ property: "placement.groupName", reason: "tenancy host excludes placement groups; use dedicated" }]
        : [],
    id: newId("lt"),
    outputs: (resource) => ({
      arn: arnOf(resource, "ec2", `launch-template/${resource.id}`),
      ...versions(resource),
    }),
  },
  "aws:ec2/placementGroup:PlacementGroup": {
    name: { property: "name", rule: matching(/^[\x20-\x7e]{1,255}$/, "1 to 255 ASCII characters") },
    replaceOn: ["name", "strategy", "partitionCount", "spreadLevel"],
    rules: {
      strategy: oneOf("cluster", "partition", "spread"),
      partitionCount: between(1, 7),
      spreadLevel: oneOf("host", "rack"),
    },
    alsoCheck: ({ strategy, partitionCount }) =>
      partitionCount !== undefined && strategy !== "partition"
        ? [{ property: "partitionCount", reason: "only the strategy partition takes a count" }]
        : [],
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => ({
      arn: arnOf(resource, "ec2", `placement-group/${resource.id}`),
      placementGroupId: `pg-0${resource.digits(16, "group")}`,
    }),
  },
};
