import { type Flow, type FlowEnd, type SubstrateService } from "../../../components/flows";
import { standingZones, zones, type StandingZone } from "../../../components/zones";
import { lineHeight, wrapped, type Box, type Drawing } from "./drawing";
import { lanesOf, type Span } from "./lanes";

/** Width of the whole picture, px. */
export const pictureWidth = 1180;
/** Where the platform and all of its ground begin; to the left stands who is outside. */
export const left = 184;
export const right = pictureWidth - 12;
/** The column of those outside. */
export const outside: Pick<Box, "x" | "width"> = { x: 12, width: 132 };

/** What the platform asks of any ground, in the order of the picture. */
export const substrateParts = [
  "load balancer",
  "Kubernetes API",
  "GPU pools",
  "DNS",
  "object store",
  "registry",
  "keys",
  "secret store",
] as const;
export type SubstratePart = (typeof substrateParts)[number];

const partOf: Record<SubstrateService, SubstratePart> = {
  dns: "DNS",
  "object-store": "object store",
  "audit-log": "Kubernetes API",
};

/** The end of a flow that stands on the ground, and the one above it. */
function groundOf({ from, to }: Flow): { readonly part: SubstratePart; readonly above: FlowEnd } | undefined {
  if ("service" in to) return { part: partOf[to.service], above: from };
  return "service" in from ? { part: partOf[from.service], above: to } : undefined;
}

const pad = 20;
const laneGap = 28;
const partGap = 10;
const partWidth = (right - left - 2 * pad - (substrateParts.length - 1) * partGap) / substrateParts.length;

/** The column of a part of the Substrate: the same above the ground and in it. */
export function columnOf(part: SubstratePart): Pick<Box, "x" | "width"> {
  return { x: left + pad + substrateParts.indexOf(part) * (partWidth + partGap), width: partWidth };
}

const middle = ({ x, width }: Pick<Box, "x" | "width">): number => x + width / 2;

/**
 * Draws the platform and the waist it stands on: zones in a row, a way for each flow, ports on their plates. Nothing of
 * an environment is in it, so that it is the same on every footprint.
 *
 * @returns the height at which the ground begins.
 */
export function drawPlatform(drawing: Drawing, flows: readonly Flow[]): number {
  const boxes = rowOf(flows);
  const inside = new Map([...boxes].map(([name, { width }]) => [name, namesIn(name, width, flows)]));
  const boxHeight = 58 + Math.max(...[...inside.values()].map((lines) => lines.length)) * lineHeight;
  const over = flows.filter((flow) => boxes.has(flowBox(flow.from)) && boxes.has(flowBox(flow.to)));
  const straight = over.filter((flow) => isStep(flow, boxes));
  const spans = spread(
    over.filter((flow) => !straight.includes(flow)),
    boxes,
  );
  const lanes = lanesOf(spans);
  const deepest = Math.max(0, ...lanes);
  const top = 60 + deepest * laneGap;
  const laneAt = (index: number): number => top - 24 - ((lanes[index] ?? 1) - 1) * laneGap;
  const under = flows.filter((flow) => boxes.has(flowBox(groundOf(flow)?.above)));
  const falls = fall(under, boxes);
  const lower = lanesOf(falls);
  const bottom = top + boxHeight + 34 + Math.max(0, ...lower) * laneGap;
  const waist = bottom + 44;

  drawing.box({ x: left, y: 12, width: right - left, height: bottom - 12 }, "platform", 14);
  drawing.text(left + pad, 36, "The platform: the same on every foundation", "heading");
  drawing.text(outside.x, 36, "Outside", "heading");
  drawing.box({ x: left, y: waist, width: right - left, height: 62 }, "waist", 14);
  drawing.text(outside.x, waist + 24, "The Substrate", "heading");
  drawing.lines(outside.x, waist + 42, ["all the platform", "knows of its ground"], "note");

  for (const flow of straight) step(drawing, flow, boxes, top + boxHeight / 2);
  spans.forEach((span, index) => {
    const lane = laneAt(index);
    drawing.way(
      [
        [span.from, top],
        [span.from, lane],
        [span.to, lane],
        [span.to, top - 2],
      ],
      look(span.flow),
    );
  });
  falls.forEach((span, index) => {
    const lane = top + boxHeight + 34 + ((lower[index] ?? 1) - 1) * laneGap;
    const up = "service" in span.flow.from;
    const way: [number, number][] = [
      [span.from, top + boxHeight + (up ? 2 : 0)],
      [span.from, lane],
      [span.to, lane],
      [span.to, waist + (up ? 15 : 13)],
    ];
    drawing.way(up ? way.reverse() : way, look(span.flow));
  });
  for (const [name, box] of boxes)
    drawEnd(drawing, name, { ...box, y: top, height: boxHeight }, inside.get(name) ?? []);
  spans.forEach((span, index) => drawing.plate((span.from + span.to) / 2, laneAt(index), `${span.flow.port}`));
  falls.forEach((span) => drawing.plate(span.from, top + boxHeight + 17, `${span.flow.port}`));
  for (const flow of flows.filter(({ from, to }) => "everyZone" in from && "service" in to)) {
    const x = middle(columnOf(partOf[(flow.to as { service: SubstrateService }).service]));
    drawing.way(
      [
        [x, bottom],
        [x, waist + 13],
      ],
      look(flow),
    );
    drawing.plate(x, bottom + 20, `${flow.port}`);
    drawing.text(x - 24, bottom + 24, "from every zone", "note", "end");
  }
  for (const part of substrateParts) {
    const box = { ...columnOf(part), y: waist + 15, height: 32 };
    drawing.box(box, "part");
    drawing.text(middle(box), waist + 36, part, "note", "middle");
  }
  return waist + 62;
}

interface FlowSpan extends Span {
  readonly flow: Flow;
}

/** Mutual, server or no TLS, as the page's style names them. */
const look = ({ tls }: Flow): string => (typeof tls === "string" ? tls : "none");

/** The box that an end is drawn in. */
const flowBox = (end: FlowEnd | undefined): string =>
  end === undefined ? "" : "zone" in end ? end.zone : "peer" in end ? end.peer : "";

/** Who calls from outside stands on the left, the zones in their own order inside. */
function rowOf(flows: readonly Flow[]): Map<string, Pick<Box, "x" | "width">> {
  const peers = [
    ...new Set(flows.flatMap(({ from, to }) => [from, to]).flatMap((end) => ("peer" in end ? end.peer : []))),
  ];
  const gap = standingZones.length > 6 ? 14 : 44;
  const width = (right - left - 2 * pad - (standingZones.length - 1) * gap) / standingZones.length;
  return new Map([
    ...peers.map((peer): [string, Pick<Box, "x" | "width">] => [peer, outside]),
    ...standingZones.map((zone, index): [string, Pick<Box, "x" | "width">] => [
      zone,
      { x: left + pad + index * (width + gap), width },
    ]),
  ]);
}

type Row = ReadonlyMap<string, Pick<Box, "x" | "width">>;

/** From a box to the next on its right: a straight way that needs no lane. */
function isStep(flow: Flow, row: Row): boolean {
  const names = [...row.keys()];
  return names.indexOf(flowBox(flow.to)) - names.indexOf(flowBox(flow.from)) === 1;
}

function step(drawing: Drawing, flow: Flow, row: Row, y: number): void {
  const [from, to] = [row.get(flowBox(flow.from))!, row.get(flowBox(flow.to))!];
  drawing.way(
    [
      [from.x + from.width, y],
      [to.x - 2, y],
    ],
    look(flow),
  );
  // Above the way, and clear of the platform's own line.
  const end = from.x < left ? left : to.x - 6;
  drawing.text((from.x + from.width + end) / 2, y - 8, `${flow.port}`, "port", "middle");
}

/** Ways over the row, each with a place of its own at both of its boxes: those that turn first stand outermost. */
function spread(flows: readonly Flow[], row: Row): FlowSpan[] {
  const ends = new Map<string, { flow: Flow; other: number }[]>();
  const note = (name: string, flow: Flow, other: string) =>
    ends.set(name, [...(ends.get(name) ?? []), { flow, other: middle(row.get(other)!) }]);
  for (const flow of flows) {
    note(flowBox(flow.from), flow, flowBox(flow.to));
    note(flowBox(flow.to), flow, flowBox(flow.from));
  }
  const place = (name: string, flow: Flow, end: "from" | "to"): number => {
    const box = row.get(name)!;
    const here = middle(box);
    // To the left, the nearest first; then to the right, the farthest first: so no way crosses its neighbour.
    const rank = (other: number) => (other < here ? -1e6 - other : -other);
    const order = [...(ends.get(name) ?? [])].sort((a, b) => rank(a.other) - rank(b.other)).map((end) => end.flow);
    // A way within one zone has two places side by side.
    const at = end === "from" ? order.indexOf(flow) : order.lastIndexOf(flow);
    return box.x + (box.width * (at + 1)) / (order.length + 1);
  };
  return flows.map((flow) => ({
    flow,
    from: place(flowBox(flow.from), flow, "from"),
    to: place(flowBox(flow.to), flow, "to"),
  }));
}

/** Ways between a zone and the Substrate: from the middle of a zone to places spread over the part. */
function fall(flows: readonly Flow[], row: Row): FlowSpan[] {
  const ends = flows.flatMap((flow) => {
    const ground = groundOf(flow);
    return ground === undefined ? [] : [{ flow, part: ground.part, zone: row.get(flowBox(ground.above))! }];
  });
  const sorted = ends.sort((a, b) => middle(a.zone) - middle(b.zone));
  return sorted.map((end) => {
    const part = columnOf(end.part);
    const same = sorted.filter((other) => other.part === end.part);
    const own = sorted.filter((other) => other.zone === end.zone);
    return {
      flow: end.flow,
      from: end.zone.x + (end.zone.width * (own.indexOf(end) + 1)) / (own.length + 1),
      to: part.x + (part.width * (same.indexOf(end) + 1)) / (same.length + 1),
    };
  });
}

/** What stands in a zone, or how an outsider comes in, on lines that its box holds. */
function namesIn(name: string, width: number, flows: readonly Flow[]): string[] {
  if (!isZone(name)) return ["by certificate"];
  const ends = flows.flatMap(({ from, to }) => [from, to]);
  const apps = new Set(ends.flatMap((end) => ("zone" in end && end.zone === name ? end.app : [])));
  return wrapped([...apps].join(", "), width - 12, "value");
}

const isZone = (name: string): name is StandingZone => (standingZones as readonly string[]).includes(name);

function drawEnd(drawing: Drawing, name: string, box: Box, lines: readonly string[]): void {
  const zone = isZone(name) ? zones[name] : undefined;
  drawing.box(box, zone ? "zone" : "outside");
  drawing.text(middle(box), box.y + 24, name, "name", "middle");
  drawing.lines(middle(box), box.y + 44, lines, "value", "middle");
  const below = box.y + 46 + lines.length * lineHeight;
  drawing.text(middle(box), below, zone ? `data: ${zone.dataClass}` : "through the door", "note", "middle");
}
