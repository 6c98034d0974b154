import { z } from "zod";
import { cidr } from "./common";
import { waiver } from "./waiver";

const text = (expression: RegExp, description: string, allowed: string) =>
  z
    .string()
    .regex(expression)
    .meta({ description, allowed, mend: `write ${allowed}` });

/** Four, so that the access lists of subnets stay within the 20 rules that AWS gives each of them. */
const companyCidrs = z.array(cidr("A network of the company")).min(1).max(4).meta({
  description: "Networks of the company that may reach the door; routes lead to these and to nothing else",
  allowed: "1 to 4 networks",
  mend: "name the networks from which people and applications come",
});
const operatorCidrs = z.array(cidr("A network of operators")).max(4).default([]).meta({
  description: "Networks of operators, each inside a company network, that may reach the cluster's API too",
  allowed: "none to 4 networks",
  mend: "name the operators' networks, or leave it out: then the API is reached from inside the VPC alone",
});

const transitGateway = z.strictObject({
  kind: z.literal("transit-gateway"),
  transitGateway: text(/^tgw-[0-9a-f]{17}$/, "The company's transit gateway", "its identifier, tgw- and 17 digits"),
  companyCidrs,
  operatorCidrs,
});

const directConnect = z.strictObject({
  kind: z.literal("direct-connect"),
  directConnectGateway: text(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "The company's Direct Connect gateway; a virtual private gateway of this VPC is made and joined to it",
    "its identifier, a UUID",
  ),
  companyCidrs,
  operatorCidrs,
});

const group = z.string().min(1).meta({ allowed: "a group as the identity provider names it", mend: "name the group" });

const clientVpn = z.strictObject({
  kind: z.literal("client-vpn"),
  certificate: text(
    /^arn:aws(-us-gov)?:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[0-9a-f-]{36}$/,
    "The endpoint's own certificate, in Certificate Manager",
    "the ARN of a certificate",
  ),
  samlProvider: text(
    /^arn:aws(-us-gov)?:iam::[0-9]{12}:saml-provider\/[\w.-]+$/,
    "The company's identity provider, which asks for a second factor",
    "the ARN of a SAML provider in IAM",
  ),
  clientCidr: cidr("Addresses that clients get, /12 to /22"),
  userGroups: z
    .array(group)
    .min(1)
    .max(10)
    .meta({ description: "Groups that may reach the door", allowed: "1 to 10 groups" }),
  operatorGroups: z
    .array(group)
    .max(10)
    .default([])
    .meta({ description: "Groups that may reach the cluster's API too", allowed: "none to 10 groups" }),
});

/** How people and applications reach the VPC; without it nobody outside the VPC does. */
const attachment = z
  .discriminatedUnion("kind", [transitGateway, directConnect, clientVpn])
  .meta({ description: "How the company reaches the VPC: transit-gateway, direct-connect or client-vpn" });
export type NetworkAttachment = z.infer<typeof attachment>;

export const privateNetwork = z.strictObject({
  cidr: cidr("The VPC's network, not used elsewhere in the company"),
  attachment: attachment.optional(),
  internetExit: waiver
    .meta({
      description:
        "A way out to the internet by a NAT gateway, under a waiver. The gate stops at each part that waivers.yaml does not waive too",
      allowed: "a waiver: owner, approver, reason and expires",
      mend: "write who answers for it, who agreed, why, and until when; or remove it",
    })
    .optional(),
});
