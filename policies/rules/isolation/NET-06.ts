import { controlsOf } from "../../catalogue";
import { isWide } from "../../reading/address-range";
import type { Properties, Rule } from "../../rule";

function wideRange(rule: Properties): string | undefined {
  const single = [rule.cidrIpv4, rule.cidrIpv6] as (string | undefined)[];
  const several = [...((rule.cidrBlocks ?? []) as string[]), ...((rule.ipv6CidrBlocks ?? []) as string[])];
  const wide = [...single, ...several].find((cidr) => cidr !== undefined && isWide(cidr));
  return wide ? `the range ${wide} is as good as everyone` : undefined;
}

export const net06: Rule = {
  id: "NET-06",
  title: "No security group opens to the world, and the default one is empty",
  severity: "critical",
  scope: "resource",
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ],
  remediation:
    "Name the peer's security group, a prefix list or a narrow CIDR; leave the default security group without rules.",
  supports: controlsOf("NET-06"),
  check({ type, props }, examination) {
    const isDefault = type.endsWith(":DefaultSecurityGroup");
    if (!isDefault && !type.endsWith(":SecurityGroup")) {
      return examination.ask("", () => wideRange(props));
    }
    for (const direction of ["ingress", "egress"]) {
      examination.ask(direction, () => {
        const rules = (props[direction] ?? []) as Properties[];
        if (isDefault && rules.length > 0) return "the default security group has rules";
        for (const rule of rules) {
          const wrong = wideRange(rule);
          if (wrong) return wrong;
        }
        return undefined;
      });
    }
  },
};
