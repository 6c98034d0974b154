import type { Json, Properties } from "../../provider";
import { isObject } from "../../property-path";
import { text } from "../definition";
import type { Asking, Requests } from "./asked-kind";
import { retag, specification } from "./ec2";
import { firstAt, given, listAt, tagsOf, textAt } from "./wire";

const list = (value: Json | undefined): Properties[] => (Array.isArray(value) ? value.filter(isObject) : []);
const strings = (value: Json | undefined): string[] => (Array.isArray(value) ? (value as string[]) : []);

/** A rule written within a group, as EC2 takes it. */
const permission = (rule: Properties): Properties => ({
  IpProtocol: rule.protocol ?? "-1",
  ...(rule.protocol !== "-1" && { FromPort: rule.fromPort ?? 0, ToPort: rule.toPort ?? 0 }),
  IpRanges: strings(rule.cidrBlocks).map((CidrIp) => ({ CidrIp })),
  UserIdGroupPairs: strings(rule.securityGroups).map((GroupId) => ({ GroupId })),
});

const directions = [
  {
    property: "ingress",
    held: "IpPermissions",
    authorize: "AuthorizeSecurityGroupIngress",
    revoke: "RevokeSecurityGroupIngress",
  },
  {
    property: "egress",
    held: "IpPermissionsEgress",
    authorize: "AuthorizeSecurityGroupEgress",
    revoke: "RevokeSecurityGroupEgress",
  },
] as const;

const group = async ({ ask, id }: Asking) =>
  firstAt(await ask("ec2", "DescribeSecurityGroups", { GroupIds: [id] }), "SecurityGroups");

const withoutEmpty = (rule: Properties): Properties =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => !Array.isArray(value) || value.length > 0));

/** Takes away every rule that stands, then lays those that are declared. */
async function layRules(it: Asking, properties: readonly string[]): Promise<void> {
  const found = await group(it);
  for (const { property, held, authorize, revoke } of directions.filter((one) => properties.includes(one.property))) {
    const standing = listAt(found, held).map(withoutEmpty);
    if (standing.length) await it.ask("ec2", revoke, { GroupId: it.id, IpPermissions: standing });
    const declared = list(it.inputs[property]).map((rule) => withoutEmpty(permission(rule)));
    if (declared.length) await it.ask("ec2", authorize, { GroupId: it.id, IpPermissions: declared });
  }
}

/** A rule that stands, in the form of one written within a group. */
const written = (rule: Properties): Properties => ({
  protocol: rule.IpProtocol ?? "-1",
  fromPort: rule.FromPort ?? 0,
  toPort: rule.ToPort ?? 0,
  ...(listAt(rule, "IpRanges").length && { cidrBlocks: listAt(rule, "IpRanges").map(({ CidrIp }) => CidrIp ?? "") }),
  ...(listAt(rule, "UserIdGroupPairs").length && {
    securityGroups: listAt(rule, "UserIdGroupPairs").map(({ GroupId }) => GroupId ?? ""),
  }),
});

const rulesOf = (found: Properties, inputs: Properties, always: boolean) =>
  Object.fromEntries(
    directions
      .filter(({ property }) => always || inputs[property] !== undefined)
      .map(({ property, held }) => [property, listAt(found, held).map(written)]),
  );

const securityGroup: Requests = {
  make: async (it) =>
    textAt(
      await it.make("ec2", "CreateSecurityGroup", {
        GroupName: it.inputs.name,
        Description: it.inputs.description,
        ...(it.inputs.vpcId !== undefined && { VpcId: it.inputs.vpcId }),
        ...specification(it, "security-group"),
      }),
      "GroupId",
    ),
  put: async (it) => {
    // Like the official provider: the rule that lets everything out, with which a group is born, goes. Rules that are
    // resources of their own are left alone on an update.
    const declared = ["ingress", "egress"].filter((name) => it.inputs[name] !== undefined);
    await layRules(it, it.before ? declared : ["egress", ...declared]);
    await retag(it);
  },
  look: async (it) => {
    const found = await group(it);
    return (
      found && {
        name: found.GroupName,
        description: found.Description,
        vpcId: found.VpcId,
        ...rulesOf(found, it.inputs, false),
        tags: tagsOf(listAt(found, "Tags")),
      }
    );
  },
  remove: async ({ ask, id }) => void (await ask("ec2", "DeleteSecurityGroup", { GroupId: id })),
};

const defaultGroup: Requests = {
  make: async (it) => {
    const Filters = [
      { Name: "vpc-id", Values: [it.inputs.vpcId] },
      { Name: "group-name", Values: ["default"] },
    ];
    return textAt(await it.ask("ec2", "DescribeSecurityGroups", { Filters }), "SecurityGroups[0].GroupId");
  },
  put: async (it) => {
    await layRules(it, ["ingress", "egress"]);
    await retag({ ...it, before: it.before ?? {} });
  },
  look: async (it) => {
    const found = await group(it);
    return found && { vpcId: found.VpcId, ...rulesOf(found, it.inputs, true), tags: tagsOf(listAt(found, "Tags")) };
  },
  // It goes with its network.
  remove: () => Promise.resolve(),
};

function ownRule(isEgress: boolean): Requests {
  const direction = isEgress ? "Egress" : "Ingress";
  return {
    make: async (it) => {
      const { inputs } = it;
      const peer =
        inputs.cidrIpv4 !== undefined
          ? { IpRanges: [described(inputs, { CidrIp: inputs.cidrIpv4 })] }
          : inputs.cidrIpv6 !== undefined
            ? { Ipv6Ranges: [described(inputs, { CidrIpv6: inputs.cidrIpv6 })] }
            : inputs.prefixListId !== undefined
              ? { PrefixListIds: [described(inputs, { PrefixListId: inputs.prefixListId })] }
              : { UserIdGroupPairs: [described(inputs, { GroupId: inputs.referencedSecurityGroupId ?? "" })] };
      const ports = inputs.ipProtocol === "-1" ? {} : { FromPort: inputs.fromPort ?? -1, ToPort: inputs.toPort ?? -1 };
      const answer = await it.make("ec2", `AuthorizeSecurityGroup${direction}`, {
        GroupId: inputs.securityGroupId,
        IpPermissions: [{ IpProtocol: inputs.ipProtocol, ...ports, ...peer }],
        ...specification(it, "security-group-rule"),
      });
      return textAt(answer, "SecurityGroupRules[0].SecurityGroupRuleId");
    },
    put: async (it) => {
      if (!it.before) return;
      const { inputs } = it;
      const rule = {
        IpProtocol: inputs.ipProtocol,
        FromPort: inputs.fromPort ?? -1,
        ToPort: inputs.toPort ?? -1,
        ...(inputs.cidrIpv4 !== undefined && { CidrIpv4: inputs.cidrIpv4 }),
        ...(inputs.referencedSecurityGroupId !== undefined && {
          ReferencedGroupId: inputs.referencedSecurityGroupId,
        }),
        Description: text(inputs, "description"),
      };
      await it.ask("ec2", "ModifySecurityGroupRules", {
        GroupId: inputs.securityGroupId,
        SecurityGroupRules: [{ SecurityGroupRuleId: it.id, SecurityGroupRule: rule }],
      });
      await retag(it);
    },
    look: async (it) => {
      const answer = await it.ask("ec2", "DescribeSecurityGroupRules", { SecurityGroupRuleIds: [it.id] });
      const found = firstAt(answer, "SecurityGroupRules");
      if (!found) return undefined;
      const isEvery = found.IpProtocol === "-1";
      return {
        securityGroupId: found.GroupId,
        ipProtocol: found.IpProtocol,
        fromPort: isEvery ? it.inputs.fromPort : found.FromPort,
        toPort: isEvery ? it.inputs.toPort : found.ToPort,
        cidrIpv4: found.CidrIpv4,
        cidrIpv6: found.CidrIpv6,
        prefixListId: found.PrefixListId,
        referencedSecurityGroupId: textAt(found, "ReferencedGroupInfo.GroupId") || undefined,
        // Moto does not keep the words about a rule that names a group.
        ...(it.inputs.description !== undefined && { description: found.Description || it.inputs.description }),
        tags: tagsOf(listAt(found, "Tags")),
      };
    },
    remove: async ({ ask, id, inputs }) =>
      void (await ask("ec2", `RevokeSecurityGroup${direction}`, {
        GroupId: inputs.securityGroupId,
        SecurityGroupRuleIds: [id],
      })),
  };
}

const described = (inputs: Properties, peer: Properties): Properties => ({
  ...peer,
  ...(given(inputs, "description").description !== undefined && { Description: inputs.description as string }),
});

export const firewallRequests: Readonly<Record<string, Requests>> = {
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": defaultGroup,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ownRule(false),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ownRule(true),
};
