import type { CheckFailure, Json, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { arnOf, derivedId, exactlyOne, newId, text } from "../definition";
import type { Definition, Definitions, Resource } from "../definition";
import { between, cidr4, cidr6, identifier, matching, oneOf } from "../rules";

const protocol = matching(
  /^(-1|tcp|udp|icmp|icmpv6|all|\d{1,3})$/,
  "tcp, udp, icmp, icmpv6, -1 for all, or a protocol number",
);
const port = between(-1, 65535);

const inline = (list: "ingress" | "egress") => ({
  [`${list}[*].protocol`]: protocol,
  [`${list}[*].fromPort`]: port,
  [`${list}[*].toPort`]: port,
  [`${list}[*].cidrBlocks[*]`]: cidr4(),
  [`${list}[*].ipv6CidrBlocks[*]`]: cidr6,
  [`${list}[*].securityGroups[*]`]: identifier("sg"),
});

function portFailures(rule: Properties, prefix = ""): CheckFailure[] {
  const { fromPort, toPort } = rule;
  const isEvery = ["-1", "all"].includes(text(rule, "ipProtocol") || text(rule, "protocol"));
  if (isEvery && [fromPort, toPort].some((value) => typeof value === "number" && value > 0)) {
    return [
      { property: `${prefix}fromPort`, reason: "every protocol means every port; remove the ports or name a protocol" },
    ];
  }
  if (typeof fromPort === "number" && typeof toPort === "number" && fromPort > toPort && toPort !== -1) {
    return [{ property: `${prefix}fromPort`, reason: `found ${fromPort}: must not be above toPort, ${toPort}` }];
  }
  return [];
}

const inlineFailures = (inputs: Properties): CheckFailure[] =>
  (["ingress", "egress"] as const).flatMap((list) => {
    const rules: Json[] = Array.isArray(inputs[list]) ? inputs[list] : [];
    return rules.flatMap((rule, index) => (isObject(rule) ? portFailures(rule, `${list}[${index}].`) : []));
  });

const groupOutputs = (resource: Resource) => ({
  arn: arnOf(resource, "ec2", `security-group/${resource.id}`),
  ownerId: resource.scope.account,
});

const rule: Definition = {
  replaceOn: ["securityGroupId"],
  rules: {
    securityGroupId: identifier("sg"),
    referencedSecurityGroupId: identifier("sg"),
    prefixListId: matching(/^pl-[0-9a-f]+$/, "an identifier such as pl-0123456789abcdef0"),
    cidrIpv4: cidr4(),
    cidrIpv6: cidr6,
    ipProtocol: protocol,
    fromPort: port,
    toPort: port,
  },
  alsoCheck: (inputs) => [
    ...exactlyOne(inputs, "cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"),
    ...portFailures(inputs),
  ],
  id: newId("sgr"),
  outputs: (resource) => ({
    arn: arnOf(resource, "ec2", `security-group-rule/${resource.id}`),
    securityGroupRuleId: resource.id,
  }),
};

export const firewallKinds: Definitions = {
  "aws:ec2/securityGroup:SecurityGroup": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/, "1 to 255 characters, not beginning with sg-"),
    },
    defaults: { description: "Managed by Pulumi", revokeRulesOnDelete: false },
    replaceOn: ["name", "namePrefix", "description", "vpcId"],
    rules: { vpcId: identifier("vpc"), ...inline("ingress"), ...inline("egress") },
    alsoCheck: inlineFailures,
    id: newId("sg"),
    outputs: groupOutputs,
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    replaceOn: ["vpcId"],
    rules: { vpcId: identifier("vpc"), ...inline("ingress"), ...inline("egress") },
    alsoCheck: inlineFailures,
    // It exists with its network and is only taken over: the identifier is the one that the network shows.
    id: ({ inputs }) => derivedId("sg", text(inputs, "vpcId")),
    outputs: (resource) => ({ ...groupOutputs(resource), name: "default", description: "default VPC security group" }),
  },
  "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": {
    replaceOn: ["defaultNetworkAclId"],
    rules: {
      defaultNetworkAclId: identifier("acl"),
      "ingress[*].action": oneOf("allow", "deny"),
      "egress[*].action": oneOf("allow", "deny"),
      "ingress[*].cidrBlock": cidr4(),
      "egress[*].cidrBlock": cidr4(),
      "ingress[*].ruleNo": between(1, 32766),
      "egress[*].ruleNo": between(1, 32766),
    },
    id: ({ inputs }) => text(inputs, "defaultNetworkAclId"),
    outputs: (resource) => ({
      arn: arnOf(resource, "ec2", `network-acl/${resource.id}`),
      ownerId: resource.scope.account,
    }),
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule,
};
