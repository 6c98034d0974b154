import type { SubstrateFacts } from "../../../components/substrate";
import { wrapped, type Drawing, lineHeight } from "./drawing";
import { columnOf, left, outside, right, substrateParts, type SubstratePart } from "./platform";

/** What carries each part of the Substrate in one environment, in a few words. */
export type Pillars = Readonly<Record<SubstratePart, string>>;

const pillarLines = 4;
export const pillarHeight = pillarLines * lineHeight + 14;

/** Room between the Substrate and what carries it. */
const between = 20;

/**
 * Draws what carries the Substrate: a pillar beneath each of its parts, and beneath them what the ground is.
 *
 * @returns the height from which on the ground is free.
 */
export function drawPillars(drawing: Drawing, y: number, pillars: Pillars, ground: string): number {
  for (const part of substrateParts) {
    const box = { ...columnOf(part), y: y + between, height: pillarHeight };
    const x = box.x + box.width / 2;
    drawing.way(
      [
        [x, y],
        [x, box.y],
      ],
      "carries",
      false,
    );
    drawing.box(box, "pillar");
    const lines = wrapped(pillars[part], box.width - 8, "note").slice(0, pillarLines);
    const first = box.y + (box.height - (lines.length - 1) * lineHeight) / 2 + 4;
    drawing.lines(x, first, lines, "note", "middle");
  }
  const beneath = y + between + pillarHeight;
  drawing.text(left + 20, beneath + 32, ground, "heading");
  return beneath + 46;
}

/** The ground's own box, drawn first; its upper edge lies between the Substrate and the pillars. */
export function drawGround(drawing: Drawing, y: number, bottom: number, look: string): void {
  drawing.box(
    { x: left, y: y + between / 2, width: right - left, height: bottom - y - between / 2 },
    `ground ${look}`,
    14,
  );
}

/** Height of pillars and of the line that says what the ground is. */
export const pillarsRoom = between + pillarHeight + 46;

/** A note in the column of those outside: who they are, and from where. */
export function drawOutside(drawing: Drawing, y: number, title: string, lines: readonly string[]): number {
  const width = outside.width - 18;
  const heading = wrapped(title, width, "name");
  const rest = lines.flatMap((line) => wrapped(line, width, "note"));
  const height = (heading.length + rest.length) * lineHeight + 18;
  drawing.box({ ...outside, y, height }, "outside");
  drawing.lines(outside.x + 10, y + 21, heading, "name");
  drawing.lines(outside.x + 10, y + 22 + heading.length * lineHeight, rest, "note");
  return y + height;
}

/** GPU pools in a few words: what the nodes are labelled with. */
export const poolsInWords = ({ gpu }: SubstrateFacts): string =>
  gpu.pools.map(({ nodes, gpusPerNode, product }) => `${nodes} × ${gpusPerNode} ${shortProduct(product)}`).join(", ");

/** `NVIDIA-H100-80GB-HBM3` as people say it. */
export const shortProduct = (product: string): string => product.replace(/^NVIDIA-/, "").split("-")[0] ?? product;
