import type { FlowEnd, OutsidePeer, SubstrateService } from "../../../components/flows";
import type { StandingZone } from "../../../components/zones";

/** Measures of the diagram, in pixels of its own view box. */
export const canvas = { width: 1440, height: 880 } as const;
export const zoneSize = { width: 230, height: 130 } as const;

const columns = [404, 774] as const;
const rows = [150, 340, 530] as const;

/** Where each zone that stands is drawn: column and row. A zone more does not compile until it has a place. */
export const zonePlaces: Readonly<Record<StandingZone, readonly [column: 0 | 1, row: 0 | 1 | 2]>> = {
  observability: [0, 0],
  gateway: [0, 1],
  models: [1, 0],
  serving: [1, 1],
  audit: [1, 2],
};

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function zoneArea(zone: StandingZone): Area {
  const [column, row] = zonePlaces[zone];
  return { x: columns[column], y: rows[row], ...zoneSize };
}

/** The applications of a zone stand one above the other inside it. */
export const appArea = (zone: StandingZone): Area => {
  const { x, y } = zoneArea(zone);
  return { x: x + 24, y: y + 62, width: zoneSize.width - 48, height: 48 };
};

const peers: Readonly<Record<OutsidePeer, Area>> = { clients: { x: 44, y: 402, width: 170, height: 48 } };

const services: Readonly<Record<SubstrateService, Area>> = {
  "object-store": { x: 1194, y: 180, width: 202, height: 400 },
  "audit-log": { x: 1194, y: 604, width: 202, height: 44 },
  dns: { x: 1194, y: 678, width: 202, height: 40 },
};

/** All zones at once: the strip at the foot of the cluster. */
export const everyZone: Area = { x: 404, y: 680, width: 600, height: 36 };

export function areaOf(end: FlowEnd): Area {
  if ("zone" in end) return appArea(end.zone);
  if ("everyZone" in end) return everyZone;
  return "service" in end ? services[end.service] : peers[end.peer];
}

/** The trust boundaries, with what holds on their inside. */
export const boundaries: readonly (Area & { readonly title: string; readonly note: string })[] = [
  { x: 24, y: 92, width: 210, height: 646, title: "Company network", note: "named sources, certificates" },
  {
    x: 374,
    y: 92,
    width: 660,
    height: 646,
    title: "The cluster",
    note: "each zone is a boundary of its own: closed both ways, opened by row",
  },
  { x: 1174, y: 92, width: 242, height: 646, title: "The substrate", note: "keys by class, grants by identity" },
];
