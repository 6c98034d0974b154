import { hasSubnets } from "../../../components/foundation/network/acls-plan";
import { interfaceServices } from "../../../components/foundation/network/endpoints-plan";
import { planSubnets } from "../../../components/foundation/network/network-plan";
import {
  planPrivateCloud,
  type PrivateCloudEnvironment,
} from "../../../components/foundation/private-cloud/private-cloud-plan";
import type { Drawing } from "./drawing";
import { drawGround, drawOutside, drawPillars, pillarsRoom, poolsInWords, type Pillars } from "./ground";
import { left, right } from "./platform";

const tierSays: Readonly<Record<string, string>> = {
  nodes: "nodes: pods, and the door's internal load balancer",
  endpoints: "endpoints: private addresses of AWS services",
  "control-plane": "control plane: the private Kubernetes API",
  store: "store: where pods reach S3, and nothing else",
  attachment: "attachment: where the company's network enters",
  exit: "exit: a way out, by waiver",
};

const rowHeight = 58;
const servicesWidth = 232;

const pillarsOf = (environment: PrivateCloudEnvironment): Pillars => ({
  "load balancer": "network load balancer, internal",
  "Kubernetes API": `EKS ${environment.footprint.kubernetes.minor}, private endpoint alone`,
  "GPU pools": `${poolsInWords(planPrivateCloud(environment))}, dedicated tenancy`,
  DNS: "CoreDNS, an add-on of EKS",
  "object store": "S3, by endpoint",
  registry: "ECR, by endpoint",
  keys: "KMS, a key for each data class",
  "secret store": "Secrets Manager, by endpoint",
});

/** Draws one AWS account: a VPC cut into tiers and zones, and the services that it reaches by endpoint alone. */
export function drawPrivateCloud(drawing: Drawing, y: number, environment: PrivateCloudEnvironment): number {
  const { footprint, platform } = environment;
  const subnets = planSubnets(footprint.network.cidr, footprint.availabilityZones, [
    ...(hasSubnets(footprint.network.attachment) ? (["attachment"] as const) : []),
    ...(footprint.network.internetExit === undefined ? [] : (["exit"] as const)),
  ]);
  const tiers = [...new Set(subnets.map(({ tier }) => tier))];
  const top = y + pillarsRoom;
  const height = 44 + tiers.length * rowHeight;
  const bottom = top + height + 18;
  drawGround(drawing, y, bottom, "cloud");
  const account = `The ground: AWS account ${footprint.account}, region ${footprint.region}`;
  drawPillars(drawing, y, pillarsOf(environment), account);

  const vpc = { x: left + 20, y: top, width: right - left - 60 - servicesWidth, height };
  drawing.box(vpc, "network");
  drawing.text(vpc.x + 14, top + 25, `VPC ${footprint.network.cidr}`, "name");
  drawing.text(vpc.x + vpc.width - 14, top + 25, waysOut(environment), "note", "end");
  const columns = footprint.availabilityZones;
  const cell = (vpc.width - 28 - (columns.length - 1) * 12) / columns.length;
  tiers.forEach((tier, row) => {
    const at = top + 40 + row * rowHeight;
    drawing.text(vpc.x + 14, at + 12, tierSays[tier] ?? tier, "note");
    for (const { cidr, availabilityZone } of subnets.filter((subnet) => subnet.tier === tier)) {
      const x = vpc.x + 14 + columns.indexOf(availabilityZone) * (cell + 12);
      drawing.box({ x, y: at + 19, width: cell, height: 30 }, `subnet ${tier}`, 6);
      drawing.text(x + 10, at + 39, cidr, "value");
      drawing.text(x + cell - 10, at + 39, availabilityZone.slice(-2), "note", "end");
    }
  });
  const endpoints = top + 40 + tiers.indexOf("endpoints") * rowHeight + 34;
  drawServices(drawing, { x: vpc.x + vpc.width + 20, y: top, height }, endpoints);
  const beneath = drawOutside(
    drawing,
    y + 10,
    "Who may knock",
    platform.door.clients.map(({ name, cidr }) => `${name} ${cidr}`),
  );
  drawOutside(drawing, Math.max(beneath + 16, top), "The company", attachmentInWords(environment));
  return bottom;
}

/** How the company reaches the VPC. */
function attachmentInWords({ footprint }: PrivateCloudEnvironment): string[] {
  const { attachment } = footprint.network;
  if (attachment === undefined) return ["no attachment: the VPC is reached from inside alone"];
  const from = attachment.kind === "client-vpn" ? [attachment.clientCidr] : attachment.companyCidrs;
  return [`by ${attachment.kind.replaceAll("-", " ")}, from`, ...from];
}

function waysOut({ footprint }: PrivateCloudEnvironment): string {
  return footprint.network.internetExit === undefined
    ? "no internet gateway, no NAT gateway, no way out"
    : "a NAT gateway, under a waiver that the gate reports";
}

/** The services beside the VPC: each has a private address in the endpoints' subnets, and a policy. */
function drawServices(drawing: Drawing, at: { x: number; y: number; height: number }, from: number): void {
  const box = { ...at, width: servicesWidth };
  drawing.box(box, "network");
  drawing.way(
    [
      [at.x - 20 - 14, from],
      [at.x - 2, from],
    ],
    "server",
  );
  drawing.text(box.x + 14, box.y + 25, "AWS services, by endpoint", "name");
  drawing.text(box.x + 14, box.y + 44, "for this account alone", "note");
  const rows = Math.ceil(interfaceServices.length / 2);
  interfaceServices.forEach((service, index) =>
    drawing.text(
      box.x + 14 + Math.floor(index / rows) * 98,
      box.y + 74 + (index % rows) * 19,
      service === "elasticloadbalancing" ? "elb" : service,
      "value",
    ),
  );
}
