import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { isWide } from "../../reading/address-range";
import type { Properties, Rule } from "../../rule";

function wideRange(rule: Properties): string | undefined {
  const single = [rule.cidrIpv4, rule.cidrIpv6] as (string | undefined)[];
  const several = [...((rule.cidrBlocks ?? []) as string[]), ...((rule.ipv6CidrBlocks ?? []) as string[])];
  const wide = [...single, ...several].find((cidr) => cidr !== undefined && isWide(cidr));
  return wide ? `the range ${wide} is as good as everyone` : undefined;
}

/** The widest run of ports that one service listens on; answers go to any of the upper ones. */
const mostPorts = 100;
const firstEphemeral = 1024;

/** A rule names a protocol and a port: more than that is no rule. */
function looseService(rule: Properties, stateless: boolean): string | undefined {
  const protocol = String(rule.ipProtocol ?? rule.protocol ?? "-1");
  if (!/^(tcp|udp|icmp|icmpv6|6|17|1|58)$/.test(protocol)) return `the protocol is ${protocol}; wanted tcp or udp`;
  if (/icmp|^1$|^58$/.test(protocol)) return undefined;
  const [from, to] = [Number(rule.fromPort), Number(rule.toPort)];
  if (!(from >= 1 && to >= from && to <= 65535)) return `${from} to ${to} are no ports`;
  if (stateless && from >= firstEphemeral) return undefined;
  return to - from < mostPorts ? undefined : `ports ${from} to ${to} are opened where one is meant`;
}

/** Neighbours of one network may speak any protocol to each other: their security groups tell them apart. */
const withinNetwork = ({ protocol, cidrBlock }: Properties): boolean =>
  String(protocol) === "-1" && Number(String(cidrBlock).split("/")[1]) >= 16;

/** An access list of a subnet: what it allows is narrow, and only what is named passes. */
function accessList(props: Properties, isDefault: boolean, examination: Examination): void {
  for (const direction of ["ingress", "egress"]) {
    examination.within(direction, () => {
      const entries = (props[direction] ?? []) as Properties[];
      if (entries.length === 0) examination.ask(direction, () => undefined);
      entries.forEach((entry, index) =>
        examination.ask(`${direction}[${index}]`, () => {
          const action = String(entry.action).toLowerCase();
          if (action === "deny") return undefined;
          if (action !== "allow") return `${action} is neither allow nor deny`;
          if (isDefault) return "the default access list lets something pass";
          const wide = wideRange({ cidrIpv4: entry.cidrBlock, cidrIpv6: entry.ipv6CidrBlock });
          return wide ?? (withinNetwork(entry) ? undefined : looseService(entry, true));
        }),
      );
    });
  }
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
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
  ],
  remediation:
    "Name the peer's security group, a prefix list or a narrow CIDR; leave the default security group without rules.",
  supports: controlsOf("NET-06"),
  check({ type, props }, examination) {
    if (type.endsWith("NetworkAcl")) return accessList(props, type.includes(":Default"), examination);
    const isDefault = type.endsWith(":DefaultSecurityGroup");
    if (!isDefault && !type.endsWith(":SecurityGroup")) {
      return examination.ask("", () => wideRange(props) ?? looseService(props, false));
    }
    for (const direction of ["ingress", "egress"]) {
      examination.ask(direction, () => {
        const rules = (props[direction] ?? []) as Properties[];
        if (isDefault && rules.length > 0) return "the default security group has rules";
        for (const rule of rules) {
          const wrong = wideRange(rule) ?? looseService(rule, false);
          if (wrong) return wrong;
        }
        return undefined;
      });
    }
  },
};
