import { dataClassNames, type DataClassName } from "../../../components/data-classes";
import { flowEndName, flows, type FlowEnd } from "../../../components/flows";
import { standingZones, zones, type StandingZone } from "../../../components/zones";
import { drawnFlows, grantedTo, type DrawnFlow } from "./data-flow-facts";
import { areaOf, boundaries, canvas, everyZone, zoneArea, type Area } from "./data-flow-places";

const ink = "#1f2937";
const faint = "#5b6472";
const line = { "mutual TLS": "#0b5c4a", "server's TLS": "#1d4ed8", "no TLS": "#b45309" } as const;

/** Dark enough for white words on them (4.5 to 1), and never the only sign: the class is always written. */
const colours: Readonly<Record<DataClassName, string>> = {
  raw: "#7c2d12",
  sanitised: "#3f6212",
  transcripts: "#9d174d",
  vectors: "#155e75",
  weights: "#5b21b6",
  audit: "#334155",
  quarantine: "#991b1b",
  backups: "#1e3a8a",
  state: "#57534e",
};

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

interface Words {
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
  readonly anchor?: "start" | "middle" | "end";
}

const words = (x: number, y: number, text: string, { size = 13, weight = 400, fill = ink, anchor }: Words = {}) =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor ?? "start"}">${escaped(text)}</text>`;

const box = ({ x, y, width, height }: Area, style: string, radius = 8) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" ${style}/>`;

/** The letters of the font are about 6.6 wide at this size. */
const chipWidth = (name: DataClassName): number => Math.round(name.length * 6.6 + 18);

function chip(right: number, y: number, name: DataClassName): string {
  const width = chipWidth(name);
  const area = { x: right - width, y, width, height: 20 };
  return `${box(area, `fill="${colours[name]}"`, 10)}${words(area.x + width / 2, y + 14, name, { size: 11, weight: 600, fill: "#ffffff", anchor: "middle" })}`;
}

const boundary = ({ title, note, ...area }: (typeof boundaries)[number]) =>
  `${box(area, `fill="#f8fafc" stroke="#b91c1c" stroke-width="1.6" stroke-dasharray="7 5"`, 14)}
${words(area.x + 16, area.y + 25, title, { size: 16, weight: 700 })}
${words(area.x + 16, area.y + 43, note, { size: 11.5, fill: faint })}`;

function application(end: FlowEnd, name: string): string {
  const area = areaOf(end);
  return `${box(area, `fill="#ffffff" stroke="${ink}" stroke-width="1.4"`, 22)}
${words(area.x + area.width / 2, area.y + 29, name, { size: 14, weight: 600, anchor: "middle" })}`;
}

function zone(name: StandingZone): string {
  const area = zoneArea(name);
  const ends = flows.flatMap(({ from, to }) => [from, to]);
  const apps = new Map(
    ends.flatMap((end): [string, FlowEnd][] => ("zone" in end && end.zone === name ? [[end.app, end]] : [])),
  );
  return [
    box(area, `fill="#eef2f7" stroke="#b91c1c" stroke-width="1.2" stroke-dasharray="3 4"`, 10),
    words(area.x + 16, area.y + 28, name, { size: 14, weight: 700 }),
    chip(area.x + area.width - 14, area.y + 14, zones[name].dataClass),
    ...[...apps].map(([app, end]) => application(end, app)),
  ].join("\n");
}

/** The store shows a bucket at the height of each application that has one. */
function store(end: FlowEnd): string {
  const area = areaOf(end);
  const users = flows.filter(({ to }) => flowEndName(to) === flowEndName(end)).map(({ from }) => from);
  const buckets = users.flatMap((user) => {
    const { y, height } = areaOf(user);
    const granted = grantedTo(user);
    return granted.map((name, index) => {
      const top = y + height / 2 - 18 + index * 44;
      return `${box({ x: area.x + 18, y: top, width: area.width - 36, height: 36 }, `fill="#ffffff" stroke="${ink}"`, 4)}
${words(area.x + 32, top + 23, "bucket", { size: 12, fill: faint })}
${chip(area.x + area.width - 28, top + 8, name)}`;
    });
  });
  const others = dataClassNames.length - new Set(users.flatMap(grantedTo)).size;
  return `${box(area, `fill="#eef2f7" stroke="${ink}" stroke-width="1.2"`, 10)}
${words(area.x + 16, area.y + 26, "object store", { size: 14, weight: 700 })}
${buckets.join("\n")}
${["more buckets, which no", "application may use yet"].map((text, index) => words(area.x + 16, area.y + area.height / 2 + 6 + index * 17, index === 0 ? `${others} ${text}` : text, { size: 12, fill: faint })).join("")}`;
}

const middle = ({ y, height }: Area) => y + height / 2;
const centre = ({ x, width }: Area) => x + width / 2;

/** Where a flow runs, and where its words stand: beside each other, over each other, or round one corner. */
function route({ flow }: DrawnFlow): { path: string; at: readonly [number, number]; upright: boolean } {
  const [from, to] = [areaOf(flow.from), areaOf(flow.to)];
  // A tall end is met at the height of the other.
  const level = to.height > 100 ? middle(from) : middle(to);
  if (Math.abs(middle(from) - level) < 12) {
    const [start, end] = [from.x + from.width, to.x - 3];
    return { path: `M${start} ${level}H${end}`, at: [gapBefore(to), level], upright: false };
  }
  if (Math.abs(centre(from) - centre(to)) < 12) {
    const [start, end] = [from.y + from.height, to.y - 3];
    return { path: `M${centre(from)} ${start}V${end}`, at: [centre(from), (start + end) / 2 - 14], upright: true };
  }
  const start = from.y + from.height;
  return { path: `M${centre(from)} ${start}V${level}H${to.x - 3}`, at: [gapBefore(to), level], upright: false };
}

/** The middle of the free strip to the left of what a flow leads to. */
function gapBefore({ x }: Area): number {
  const columnsOfWords = [304, 704, 1104];
  return columnsOfWords.findLast((one) => one < x) ?? x - 70;
}

function arrow(drawn: DrawnFlow): string {
  const colour = line[drawn.tls as keyof typeof line];
  const dashed = drawn.tls === "no TLS" ? ` stroke-dasharray="6 5"` : "";
  const width = drawn.tls === "mutual TLS" ? 2.6 : 1.8;
  return `<path d="${route(drawn).path}" fill="none" stroke="${colour}" stroke-width="${width}"${dashed} marker-end="url(#tip-${Object.keys(line).indexOf(drawn.tls)})"/>`;
}

function label(drawn: DrawnFlow): string {
  const { at, upright } = route(drawn);
  const [x, y] = at;
  const { number, tls, flow } = drawn;
  const port = `${flow.port} ${flow.protocols.join("/")}`;
  const colour = line[tls as keyof typeof line];
  const badge = `<circle cx="${x}" cy="${y}" r="12" fill="${colour}"/>${words(x, y + 4.5, `${number}`, { size: 12.5, weight: 700, fill: "#ffffff", anchor: "middle" })}`;
  if (upright)
    return `${badge}${words(x + 20, y - 1, port, { size: 12.5, weight: 600 })}${words(x + 20, y + 14, tls, { size: 12, fill: colour })}`;
  return `${badge}${words(x, y - 19, port, { size: 12.5, weight: 600, anchor: "middle" })}${words(x, y + 28, tls, { size: 12, fill: colour, anchor: "middle" })}`;
}

function legend(): string {
  const y = 790;
  const styles = Object.entries(line).map(([tls, colour], index) => {
    const x = 24 + index * 190;
    const dashed = tls === "no TLS" ? ` stroke-dasharray="6 5"` : "";
    const width = tls === "mutual TLS" ? 2.6 : 1.8;
    return `<path d="M${x} ${y}H${x + 44}" stroke="${colour}" stroke-width="${width}"${dashed} fill="none" marker-end="url(#tip-${index})"/>${words(x + 56, y + 4, tls)}`;
  });
  let right = 140;
  const classes = dataClassNames.map((name) => chip((right += chipWidth(name) + 12), 826, name));
  return `${styles.join("\n")}
<path d="M600 ${y}H644" stroke="#b91c1c" stroke-width="1.6" stroke-dasharray="7 5" fill="none"/>${words(656, y + 4, "trust boundary")}
${words(790, y + 4, "number: the row of the table below the picture; arrow: who calls whom", { fill: faint })}
${words(24, 840, "classes of data")}
${classes.join("\n")}`;
}

const tip = (colour: string, index: number) =>
  `<marker id="tip-${index}" viewBox="0 0 10 10" refX="8.5" refY="5" markerUnits="userSpaceOnUse" markerWidth="12" markerHeight="12" orient="auto"><path d="M0 0L10 5L0 10z" fill="${colour}"/></marker>`;

/** The data-flow diagram: trust boundaries, zones, stores and every row of the flow table. Needs nothing from outside. */
export function dataFlowPicture(): string {
  const peers = new Map(flows.flatMap(({ from }) => ("peer" in from ? [[from.peer, from] as const] : [])));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${canvas.width} ${canvas.height}" width="${canvas.width}" height="${canvas.height}" role="img" aria-labelledby="title" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">
<title id="title">Data flows of the platform, across its trust boundaries; the table of docs/data-flow.md says the same in words</title>
<defs>${Object.values(line).map(tip).join("")}</defs>
<rect width="${canvas.width}" height="${canvas.height}" fill="#ffffff"/>
${words(24, 44, "Data flows and trust boundaries", { size: 24, weight: 700 })}
${words(24, 68, "Drawn from the flow table: a connection that is not here does not exist", { size: 14, fill: faint })}
${boundaries.map(boundary).join("\n")}
${standingZones.map(zone).join("\n")}
${box(everyZone, `fill="#eef2f7" stroke="${ink}" stroke-width="1"`, 18)}
${words(everyZone.x + everyZone.width / 2, everyZone.y + 23, "every zone", { size: 13, weight: 600, anchor: "middle" })}
${[...peers].map(([name, end]) => application(end, name)).join("\n")}
${store({ service: "object-store" })}
${application({ service: "audit-log" }, "audit-log")}
${application({ service: "dns" }, "dns")}
${drawnFlows.map(arrow).join("\n")}
${drawnFlows.map(label).join("\n")}
${legend()}
</svg>
`;
}
