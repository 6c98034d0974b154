import type { NetworkAttachment } from "../../../stacks/schema/private-network";
import { reserved, tiers, type OptionalTier, type Tier } from "./network-plan";

/** One rule of a network ACL. ACLs keep no state: each flow needs a rule for its requests and one for its answers. */
export interface AclRule {
  readonly cidrBlock: string;
  readonly protocol: "tcp" | "-1";
  readonly fromPort: number;
  readonly toPort: number;
}

export interface AclPlan {
  readonly tier: Tier | OptionalTier;
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

export interface AclsArgs {
  /** CIDR of the VPC. */
  readonly cidr: string;
  /** How the company reaches the VPC. Default: not at all. */
  readonly attachment?: NetworkAttachment;
  /** A waivered way out by a NAT gateway. */
  readonly internetExit: boolean;
}

type Ports = readonly [from: number, to: number];
/** An end of a flow: a tier of the VPC, or networks outside it. */
type End = Tier | OptionalTier | readonly string[];
interface Flow {
  readonly from: End;
  readonly to: End;
  /** Ports that the answering end listens on; absent where every protocol and port is meant. */
  readonly ports?: readonly Ports[];
  /** The tiers whose ACL knows of the flow; both ends by default. */
  readonly at?: readonly (Tier | OptionalTier)[];
}

const https: Ports = [443, 443];
/** Where Kubernetes opens ports on nodes for a load balancer that keeps the client's address. */
const nodePorts: Ports = [30000, 32767];
/** Ports from which clients ask; answers go back to them. */
const ephemeral: Ports = [1024, 65535];
const anywhere = ["0.0.0.0/0"];

/**
 * Every flow that crosses the border of a subnet; what is not here does not pass, the S3 gateway's public addresses
 * among it: the store is reached by its interface. AWS's own DNS, time and instance metadata are never judged.
 */
export function planFlows({ attachment, internetExit }: AclsArgs): Flow[] {
  return [
    // Pods talk to pods; what they may say is the network policies' to tell.
    { from: "nodes", to: "nodes" },
    { from: "nodes", to: "endpoints", ports: [https] },
    { from: "nodes", to: "store", ports: [https] },
    { from: "nodes", to: "control-plane", ports: [https] },
    // Kubelets, webhooks and aggregated APIs, on whatever port a webhook serves.
    { from: "control-plane", to: "nodes", ports: [https, ephemeral] },
    ...attachmentFlows(attachment),
    ...(internetExit ? ([{ from: "nodes", to: anywhere, ports: [https], at: ["nodes", "exit"] }] as const) : []),
  ];
}

function attachmentFlows(attachment: NetworkAttachment | undefined): Flow[] {
  if (attachment === undefined) return [];
  const door = [https, nodePorts];
  if (attachment.kind === "client-vpn") {
    // A client's address becomes that of the endpoint's interface in the subnet.
    return [
      { from: "attachment", to: "nodes", ports: door },
      ...(attachment.operatorGroups.length === 0
        ? []
        : [{ from: "attachment", to: "control-plane", ports: [https] } as const]),
    ];
  }
  const { companyCidrs, operatorCidrs } = attachment;
  const flows: Flow[] = [
    { from: companyCidrs, to: "nodes", ports: door, at: ["nodes"] },
    ...(operatorCidrs.length === 0
      ? []
      : [{ from: operatorCidrs, to: "control-plane", ports: [https], at: ["control-plane"] } as const]),
  ];
  if (attachment.kind === "direct-connect") return flows;
  // Of a transit gateway's own subnets AWS judges only the side towards the VPC, by the addresses inside.
  return [...flows, ...flows.map((flow): Flow => ({ ...flow, from: "attachment", at: ["attachment"] }))];
}

/** The ACL of each tier, both directions, from the flows: requests where they enter and leave, and answers likewise. */
export function planAcls(args: AclsArgs): AclPlan[] {
  const flows = planFlows(args);
  const cidrs = (end: End): readonly string[] => (typeof end === "string" ? reserved(args.cidr, end) : end);
  const rules = (end: End, ports: readonly Ports[] | undefined): AclRule[] =>
    cidrs(end).flatMap((cidrBlock) =>
      (ports ?? [undefined]).map((range): AclRule =>
        range === undefined
          ? { cidrBlock, protocol: "-1", fromPort: 0, toPort: 0 }
          : { cidrBlock, protocol: "tcp", fromPort: range[0], toPort: range[1] },
      ),
    );
  const answers = ({ ports }: Flow) => ports && [ephemeral];
  const wanted: (Tier | OptionalTier)[] = [
    ...tiers,
    ...(hasSubnets(args.attachment) ? (["attachment"] as const) : []),
    ...(args.internetExit ? (["exit"] as const) : []),
  ];
  return wanted.map((tier) => {
    const seen = flows.filter((flow) => (flow.at ?? [flow.from, flow.to]).includes(tier));
    // A NAT gateway is both ends' neighbour: it takes what the nodes ask and asks it of the outside.
    const starts = seen.filter((flow) => flow.from === tier || tier === "exit");
    const ends = seen.filter((flow) => flow.to === tier || tier === "exit");
    return {
      tier,
      ingress: distinct([
        ...ends.flatMap((flow) => rules(flow.from, flow.ports)),
        ...starts.flatMap((flow) => rules(flow.to, answers(flow))),
      ]),
      egress: distinct([
        ...starts.flatMap((flow) => rules(flow.to, flow.ports)),
        ...ends.flatMap((flow) => rules(flow.from, answers(flow))),
      ]),
    };
  });
}

/** A virtual private gateway hangs on the VPC itself; the other attachments enter by subnets. */
export const hasSubnets = (attachment: NetworkAttachment | undefined): boolean =>
  attachment !== undefined && attachment.kind !== "direct-connect";

const distinct = (rules: readonly AclRule[]): AclRule[] => [
  ...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values(),
];
