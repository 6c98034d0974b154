import type { EvidenceFlow, EvidenceInput } from "./evidence";
import { markup, type Markup } from "./markup";

interface Box {
  readonly name: string;
  readonly zone: boolean;
  readonly x: number;
  readonly y: number;
}

const WIDTH = 168;
const HEIGHT = 58;
const COLUMN_GAP = 148;
const ROW_GAP = 30;
const MARGIN = 16;
/** Ends that are drawn as a sentence: arrows from every box would hide the rest. */
const EVERY_ZONE = "every zone";

/** Zones and the flows between them, callers on the left, as an SVG that needs nothing from outside the page. */
export function picture({ zones, flows }: Pick<EvidenceInput, "zones" | "flows">): Markup {
  const drawn = flows.filter((flow) => flow.from !== EVERY_ZONE && flow.to !== EVERY_ZONE);
  const boxes = layOut(
    zones.map((zone) => zone.name),
    drawn,
  );
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const width = Math.max(...boxes.map((box) => box.x), 0) + WIDTH + MARGIN;
  const height = Math.max(...boxes.map((box) => box.y), 0) + HEIGHT + MARGIN;
  const purposes = new Map(zones.map((zone) => [zone.name, zone.dataClass]));
  return markup`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-labelledby="picture-title"
  >
    <title id="picture-title">Zones and the flows between them; the table below says the same in words</title>
    <defs>
      <marker
        id="tip"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="7"
        markerHeight="7"
        orient="auto-start-reverse"
      >
        <path d="M0 0L10 5L0 10z" class="tip" />
      </marker>
    </defs>
    ${drawn.map((flow) => arrow(flow, byName, drawn))}
    ${boxes.map(
      (box) =>
        markup`<g>
          <rect
            x="${box.x}"
            y="${box.y}"
            width="${WIDTH}"
            height="${HEIGHT}"
            rx="9"
            class="${box.zone ? "zone" : "outside"}"
          />
          <text x="${box.x + WIDTH / 2}" y="${box.y + 26}" class="box-name">${box.name}</text>
          <text x="${box.x + WIDTH / 2}" y="${box.y + 44}" class="box-note">${note(box, purposes)}</text>
        </g>`,
    )}
    ${drawn.map((flow) => label(flow, byName, drawn))}
  </svg>`;
}

function note(box: Box, dataClasses: ReadonlyMap<string, string | undefined>): string {
  if (!box.zone) return "outside the zones";
  const dataClass = dataClasses.get(box.name);
  return dataClass ? `data: ${dataClass}` : "zone";
}

/** Columns by the longest way from a caller; a zone that nobody calls and that calls nobody stands last. */
function layOut(zones: readonly string[], flows: readonly EvidenceFlow[]): Box[] {
  const names = [...new Set([...zones, ...flows.flatMap((flow) => [flow.from, flow.to])])];
  const depth = new Map(names.map((name) => [name, 0]));
  // A way through n boxes settles after n rounds; a circle of flows stops there too.
  for (let round = 0; round < names.length; round += 1) {
    for (const { from, to } of flows) {
      const next = (depth.get(from) ?? 0) + 1;
      if (from !== to && next < names.length && next > (depth.get(to) ?? 0)) depth.set(to, next);
    }
  }
  // A zone that nobody calls stands beside what it calls, so that its arrow crosses no box.
  for (const name of zones) {
    const called = flows.filter((flow) => flow.from === name).map((flow) => depth.get(flow.to) ?? 0);
    if (called.length > 0 && !flows.some((flow) => flow.to === name)) depth.set(name, Math.min(...called) - 1);
  }
  const columns: string[][] = [];
  for (const name of names) (columns[depth.get(name) ?? 0] ??= []).push(name);
  const tallest = Math.max(1, ...columns.map((column) => column?.length ?? 0));
  return columns.flatMap((column, columnIndex) =>
    (column ?? []).map((name, row) => ({
      name,
      zone: zones.includes(name),
      x: MARGIN + columnIndex * (WIDTH + COLUMN_GAP),
      y: MARGIN + (row + (tallest - column.length) / 2) * (HEIGHT + ROW_GAP),
    })),
  );
}

interface Curve {
  readonly path: string;
  readonly middle: readonly [number, number];
}

function curve(flow: EvidenceFlow, boxes: ReadonlyMap<string, Box>, flows: readonly EvidenceFlow[]): Curve {
  const from = boxes.get(flow.from)!;
  const to = boxes.get(flow.to)!;
  const start = port(from, flow, boxes, flows, "from");
  const end = port(to, flow, boxes, flows, "to");
  const [x1, x2] = [from.x + WIDTH, to.x - 3];
  const bend = Math.max(60, (x2 - x1) / 2);
  return {
    path: `M${x1} ${start}C${x1 + bend} ${start} ${x2 - bend} ${end} ${x2} ${end}`,
    middle: [(x1 + x2) / 2, (start + end) / 2],
  };
}

/** Arrows of one side of a box are spread over its height, so that each can be followed. */
function port(
  box: Box,
  flow: EvidenceFlow,
  boxes: ReadonlyMap<string, Box>,
  flows: readonly EvidenceFlow[],
  side: "from" | "to",
): number {
  const other = side === "from" ? "to" : "from";
  const height = (one: EvidenceFlow) => boxes.get(one[other])?.y ?? 0;
  const mine = flows.filter((one) => one[side] === box.name).sort((left, right) => height(left) - height(right));
  return box.y + (HEIGHT * (mine.indexOf(flow) + 1)) / (mine.length + 1);
}

function arrow(flow: EvidenceFlow, boxes: ReadonlyMap<string, Box>, flows: readonly EvidenceFlow[]): Markup {
  return markup`<path d="${curve(flow, boxes, flows).path}" class="flow ${flow.tls}" marker-end="url(#tip)" />`;
}

function label(flow: EvidenceFlow, boxes: ReadonlyMap<string, Box>, flows: readonly EvidenceFlow[]): Markup {
  const [x, y] = curve(flow, boxes, flows).middle;
  return markup`<g>
    <rect x="${x - 23}" y="${y - 10}" width="46" height="20" rx="10" class="port-plate" />
    <text x="${x}" y="${y + 4}" class="port">${flow.port}</text>
  </g>`;
}

/** The flows that are not drawn, as sentences. */
export function undrawn(flows: readonly EvidenceFlow[]): string[] {
  return flows
    .filter((flow) => flow.from === EVERY_ZONE || flow.to === EVERY_ZONE)
    .map((flow) => `Not drawn: ${flow.from} reaches ${flow.to} on port ${flow.port} (${flow.why}).`);
}
