import type { ColocationEnvironment } from "../../../components/foundation/colocation/link-flows";
import type { Box, Drawing } from "./drawing";
import { drawOutside } from "./ground";
import { outside } from "./platform";

type Cage = ColocationEnvironment["footprint"];

/** The cage's own end of the link, drawn like a machine, though it is none of the cluster's. */
export const linkGroup = ({ siteLink }: Cage) => ({
  title: "the link's end",
  machines: [{ name: "link gateway", address: siteLink.gateway }],
});

export const managementHeight = 82;

/** The network of the machines' controllers: in the same cage, and apart from every other. */
export function drawManagement(drawing: Drawing, box: Box, cage: Cage): void {
  drawing.box(box, "apart");
  drawing.text(box.x + 14, box.y + 25, `Management network ${cage.managementCidr}`, "name");
  drawing.text(box.x + box.width - 14, box.y + 25, "apart from every other network", "note", "end");
  const controllers = Object.keys(cage.managementAddresses).length;
  const who = controllers === 0 ? "the machines' controllers" : `the controllers of ${controllers} machines`;
  const administrators = cage.administrators.length === 0 ? "nobody" : cage.administrators.join(", ");
  drawing.text(box.x + 14, box.y + 46, `${who}; reached over the link by: ${administrators}`, "note");
  const records = cage.facility.accessRecords;
  const entries = records ? `at ${records.host}, port ${records.port}` : "nowhere declared";
  drawing.text(box.x + 14, box.y + 65, `records of who entered the cage: ${entries}`, "note");
}

/** The company's building, and the one link from it to the cage's end. */
export function drawCompany(drawing: Drawing, y: number, gateway: Box, cage: Cage): void {
  const { siteLink, keyServers, backupTarget } = cage;
  const end = drawOutside(drawing, y, "The company", [
    siteLink.companyCidr,
    ...keyServers.map(({ address }) => `disk keys ${address}`),
    ...(backupTarget ? [`second backups ${backupTarget.cidr}`] : []),
  ]);
  // Straight where the gateway is beside the box; otherwise in the free strip between the two.
  const x = outside.x + outside.width;
  const from = Math.min(end - 12, Math.max(y + 12, gateway.y + gateway.height / 2));
  const bend = x + 22;
  const to = gateway.y + gateway.height / 2;
  drawing.way(
    [
      [x, from],
      [bend, from],
      [bend, to],
      [gateway.x, to],
    ],
    "link",
    false,
  );
  const kind = siteLink.kind === "wireguard" ? "WireGuard" : "IPsec";
  drawing.lines(outside.x, end + 18, [`one link, by ${kind};`, "the cage calls"], "note");
}
