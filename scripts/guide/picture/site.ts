import type { ColocationEnvironment } from "../../../components/foundation/colocation/link-flows";
import { planOnSite, type OnSiteEnvironment } from "../../../components/foundation/on-site/on-site-plan";
import { drawCompany, drawManagement, linkGroup, managementHeight } from "./cage";
import { widthOf, type Box, type Drawing } from "./drawing";
import { drawGround, drawOutside, drawPillars, pillarsRoom, poolsInWords, type Pillars } from "./ground";
import { bottomOf, drawMachines, groupsOf, placeGroups } from "./machines";
import { left, right } from "./platform";

type Footprint = OnSiteEnvironment["footprint"];

const pillarsOf = (environment: OnSiteEnvironment): Pillars => {
  const { network, keyManager, kubernetes, objectStore } = environment.footprint;
  return {
    "load balancer": `Cilium announces ${network.loadBalancerCidr}`,
    "Kubernetes API": `RKE2 ${kubernetes.minor} at ${network.apiServer}`,
    "GPU pools": poolsInWords(planOnSite(environment)),
    DNS: "CoreDNS, part of RKE2",
    "object store": `S3 API with lock, ${objectStore.cidr}`,
    registry: "OCI registry outside the cluster",
    keys: keyManager.kind === "hsm" ? "an HSM" : "OpenBao",
    "secret store": "OpenBao",
  };
};

/** Draws a rack or a cage: the machines' network and all that stands on it; for a cage, what ties it to the company. */
export function drawSite(drawing: Drawing, y: number, environment: OnSiteEnvironment): number {
  const { footprint, platform } = environment;
  const cage = footprint.kind === "colocation" ? (environment as ColocationEnvironment).footprint : undefined;
  const top = y + pillarsRoom;
  const network = { x: left + 20, y: top, width: right - left - 40 };
  const groups = [...(cage ? [linkGroup(cage)] : []), ...groupsOf(footprint.machines)];
  const placed = placeGroups(groups, { x: network.x + 14, y: top + 74, width: network.width - 28 });
  const networkBottom = bottomOf(placed, top) + 14;
  const bottom = networkBottom + (cage ? 16 + managementHeight : 0) + 18;

  drawGround(drawing, y, bottom, footprint.kind);
  drawPillars(drawing, y, pillarsOf(environment), whereOf(footprint));
  drawNetwork(drawing, { ...network, height: networkBottom - top }, footprint);
  drawMachines(drawing, placed);
  const clients = platform.door.clients.map(({ name, cidr }) => `${name} ${cidr}`);
  const beneath = drawOutside(drawing, y + 10, "Who may knock", clients) + 16;
  if (cage) {
    const gateway = placed[0]!.boxes[0]!;
    drawManagement(drawing, { ...network, y: networkBottom + 16, height: managementHeight }, cage);
    drawCompany(drawing, Math.max(beneath, gateway.y - 30), gateway, cage);
  } else if (footprint.network.routes.length > 0) {
    const ways = footprint.network.routes.map(({ to, via }) => `${to} by ${via}`);
    drawOutside(drawing, Math.max(beneath, top), "Named ways out", ways);
  }
  return bottom;
}

const whereOf = (footprint: Footprint): string =>
  footprint.kind === "colocation"
    ? `The ground: cage ${footprint.facility.cage} of ${footprint.facility.operator}, site ${footprint.site} (${footprint.country})`
    : `The ground: a rack of one's own, site ${footprint.site} (${footprint.country})`;

function drawNetwork(drawing: Drawing, box: Box, footprint: Footprint): void {
  const { network, objectStore } = footprint;
  const tag = network.vlan === undefined ? "" : `, VLAN ${network.vlan}`;
  drawing.box(box, "network");
  drawing.text(box.x + 14, box.y + 25, `The machines' network ${network.cidr}${tag}`, "name");
  drawing.text(box.x + box.width - 14, box.y + 25, waysOut(footprint), "note", "end");
  drawChips(drawing, box, [
    `API ${network.apiServer}`,
    `door ${network.loadBalancerCidr}`,
    `store ${objectStore.cidr}`,
    ...network.dns.slice(0, 1).map((address) => `DNS ${address}`),
    ...network.ntp.slice(0, 1).map((address) => `NTP ${address}`),
    ...(network.storage ? [`storage ${network.storage.cidr}, VLAN ${network.storage.vlan}`] : []),
  ]);
}

/** Fixed addresses, as many as fit. */
function drawChips(drawing: Drawing, box: Box, chips: readonly string[]): void {
  let x = box.x + 14;
  for (const chip of chips) {
    const width = widthOf(chip, "value") + 18;
    if (x + width > box.x + box.width - 14) return;
    drawing.box({ x, y: box.y + 38, width, height: 24 }, "chip", 12);
    drawing.text(x + width / 2, box.y + 54, chip, "value", "middle");
    x += width + 8;
  }
}

function waysOut({ network, kind }: Footprint): string {
  const ways = network.routes.length;
  const link = kind === "colocation" ? "the link" : "";
  const named = ways === 0 ? "" : `${ways} named route${ways === 1 ? "" : "s"}`;
  const out = [link, named].filter(Boolean).join(" and ");
  return out === "" ? "no default route, no way out" : `no default route; only ${out}`;
}
