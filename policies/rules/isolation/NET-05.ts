import { controlsOf } from "../../catalogue";
import { isWide } from "../../reading/address-range";
import type { Properties, Rule } from "../../rule";

/** What makes a route a way out: a destination as wide as the internet, or an internet gateway as its target. */
function wayOut(route: Properties, ...destinations: string[]): string | undefined {
  for (const key of destinations) {
    const cidr = route[key] as string | undefined;
    if (cidr && isWide(cidr)) return `a default route to ${cidr} exists`;
  }
  if (String(route.gatewayId ?? "").startsWith("igw-")) return "a route goes to an internet gateway";
  return route.egressOnlyGatewayId ? "a route goes to an egress-only internet gateway" : undefined;
}

const wideNetwork = (cidr: unknown): string | undefined =>
  typeof cidr === "string" && isWide(cidr) ? `${cidr} is wider than any private network` : undefined;

export const net05: Rule = {
  id: "NET-05",
  title: "There is no way out to the internet: no gateway, no default route, no public subnet",
  severity: "critical",
  scope: "resource",
  types: [
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/defaultRouteTable:DefaultRouteTable",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
  ],
  remediation: "Remove the gateway, route or public address; reach cloud services through VPC endpoints.",
  supports: controlsOf("NET-05"),
  check(subject, examination) {
    const { props, type } = subject;
    if (type.includes("nternetGateway")) {
      examination.ask("", () => "an internet gateway exists");
    } else if (type.endsWith(":NatGateway")) {
      examination.ask("connectivityType", () =>
        props.connectivityType === "private" ? undefined : "a NAT gateway with a public side exists",
      );
    } else if (type.endsWith(":Subnet")) {
      examination.ask("mapPublicIpOnLaunch", () =>
        props.mapPublicIpOnLaunch === true ? "machines in the subnet get public addresses" : undefined,
      );
      // Addresses of IPv6 are reached from anywhere.
      examination.ask("assignIpv6AddressOnCreation", () =>
        props.assignIpv6AddressOnCreation === true ? "machines in the subnet get public addresses of IPv6" : undefined,
      );
      examination.ask("cidrBlock", () => wideNetwork(props.cidrBlock));
    } else if (type.endsWith(":Vpc")) {
      examination.ask("cidrBlock", () => wideNetwork(props.cidrBlock));
      examination.ask("assignGeneratedIpv6CidrBlock", () =>
        props.assignGeneratedIpv6CidrBlock === true ? "the network gets public addresses of IPv6" : undefined,
      );
    } else if (type.endsWith(":Route")) {
      examination.ask("", () => wayOut(props, "destinationCidrBlock", "destinationIpv6CidrBlock"));
    } else {
      examination.within("routes", () => {
        const routes = (props.routes ?? []) as Properties[];
        routes.forEach((route, index) =>
          examination.ask(`routes[${index}]`, () => wayOut(route, "cidrBlock", "ipv6CidrBlock")),
        );
        if (routes.length === 0) examination.ask("routes", () => undefined);
      });
    }
  },
};
