import type { OnSiteEnvironment } from "../../../components/foundation/on-site/on-site-plan";
import { shortened, widthOf, type Box, type Drawing } from "./drawing";
import { shortProduct } from "./ground";

type Machine = OnSiteEnvironment["footprint"]["machines"][number];

/** Machines that do the same, under one title. */
export interface Group {
  readonly title: string;
  readonly machines: readonly Pick<Machine, "name" | "address" | "gpu">[];
}

export interface Placed {
  readonly group: Group;
  readonly boxes: readonly Box[];
  /** How many are not drawn. */
  readonly hidden: number;
}

const size = { width: 120, height: 60 };
const gap = 12;
const titleHeight = 20;
const shownAtMost = 12;

export const groupsOf = (machines: readonly Machine[]): Group[] =>
  [
    { title: "servers: the control plane", machines: machines.filter(({ role }) => role === "server") },
    { title: "agents: pods", machines: machines.filter(({ role, gpu }) => role === "agent" && gpu === undefined) },
    { title: "agents with GPUs: model servers", machines: machines.filter(({ gpu }) => gpu !== undefined) },
  ].filter((group) => group.machines.length > 0);

/** Groups side by side where there is room; what does not fit begins a row of its own. */
export function placeGroups(groups: readonly Group[], at: Pick<Box, "x" | "y" | "width">): Placed[] {
  const step = size.width + gap;
  const perRow = Math.max(1, Math.floor((at.width + gap) / step));
  let [column, y] = [0, at.y];
  return groups.map((group) => {
    const shown = group.machines.slice(0, shownAtMost);
    // A title may be longer than its machines are wide.
    const columns = Math.min(perRow, Math.max(shown.length, Math.ceil(widthOf(group.title, "note") / step)));
    if (column > 0 && column + columns > perRow) [column, y] = [0, y + titleHeight + size.height + gap];
    const first = column;
    const boxes = shown.map((_, index) => ({
      x: at.x + (first + (index % perRow)) * step,
      y: y + titleHeight + Math.floor(index / perRow) * (size.height + gap),
      ...size,
    }));
    const rows = Math.ceil(shown.length / perRow);
    if (rows > 1) [column, y] = [0, y + titleHeight + rows * (size.height + gap)];
    else column = first + columns;
    return { group, boxes, hidden: group.machines.length - shown.length };
  });
}

/** The lower edge of the lowest machine. */
export const bottomOf = (placed: readonly Placed[], top: number): number =>
  Math.max(top, ...placed.flatMap(({ boxes }) => boxes.map(({ y, height }) => y + height)));

export function drawMachines(drawing: Drawing, placed: readonly Placed[]): void {
  for (const { group, boxes, hidden } of placed) {
    const [first] = boxes;
    if (first === undefined) continue;
    const title = hidden > 0 ? `${group.title}; and ${hidden} more` : group.title;
    drawing.text(first.x, first.y - 8, title, "note");
    boxes.forEach((box, index) => {
      const machine = group.machines[index]!;
      drawing.box(box, machine.gpu ? "machine gpu" : "machine", 6);
      const x = box.x + box.width / 2;
      const lower = machine.gpu ? 0 : 7;
      drawing.text(x, box.y + 20 + lower, shortened(machine.name, box.width - 8, "name"), "name", "middle");
      drawing.text(x, box.y + 36 + lower, machine.address, "value", "middle");
      if (machine.gpu)
        drawing.text(x, box.y + 52, `${machine.gpu.count} × ${shortProduct(machine.gpu.product)}`, "note", "middle");
    });
  }
}
