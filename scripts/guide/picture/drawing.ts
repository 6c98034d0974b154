import { markup, type Markup } from "../../../policies/evidence/markup";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type TextStyle = "heading" | "name" | "note" | "value" | "port";
type Anchor = "start" | "middle" | "end";

/** Size in px, and the width of an average character as a part of it: wide enough for any system's own typeface. */
const styles: Record<TextStyle, { readonly size: number; readonly character: number }> = {
  heading: { size: 15, character: 0.62 },
  name: { size: 14, character: 0.63 },
  note: { size: 12, character: 0.56 },
  value: { size: 12, character: 0.61 },
  port: { size: 12, character: 0.61 },
};

/** Width that a text takes at most, px. */
export const widthOf = (text: string, style: TextStyle): number =>
  text.length * styles[style].size * styles[style].character;

/** Words on as few lines as fit a width. */
export function wrapped(text: string, width: number, style: TextStyle): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** As much of a text as fits a width; what is left out shows as an ellipsis, and the page's tables have it whole. */
export function shortened(text: string, width: number, style: TextStyle): string {
  if (widthOf(text, style) <= width) return text;
  const characters = Math.floor(width / widthOf("n", style));
  return `${text.slice(0, Math.max(1, characters - 1))}…`;
}

/** What is drawn, in order, and where its texts are: so that a test can see that none covers another. */
export class Drawing {
  /** Room that each text takes. */
  public readonly texts: (Box & { readonly text: string })[] = [];
  /** Boxes, by what they are drawn as. */
  public readonly boxes: (Box & { readonly look: string })[] = [];
  private readonly parts: Markup[] = [];

  public box({ x, y, width, height }: Box, look: string, corner = 8): void {
    this.boxes.push({ x, y, width, height, look });
    this.parts.push(
      markup`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${corner}" class="${look}" />`,
    );
  }

  public text(x: number, y: number, text: string, style: TextStyle, anchor: Anchor = "start"): void {
    const width = widthOf(text, style);
    const left = anchor === "start" ? x : anchor === "middle" ? x - width / 2 : x - width;
    const { size } = styles[style];
    this.texts.push({ x: left, y: y - size * 0.8, width, height: size, text });
    this.parts.push(markup`<text x="${round(x)}" y="${round(y)}" class="t-${style} a-${anchor}">${text}</text>`);
  }

  /** Several lines from one height down. */
  public lines(x: number, y: number, lines: readonly string[], style: TextStyle, anchor: Anchor = "start"): void {
    lines.forEach((line, index) => this.text(x, y + index * lineHeight, line, style, anchor));
  }

  /** A way along corners, each of them rounded; `tip` puts an arrow at its end. */
  public way(points: readonly (readonly [number, number])[], look: string, tip = true): void {
    const path = points.map((point, index) => corner(points, index) ?? `${index === 0 ? "M" : "L"}${at(point)}`);
    this.parts.push(markup`<path d="${path.join("")}" class="way ${look}" ${tip && markup`marker-end="url(#tip)"`} />`);
  }

  /** A port, on a plate that hides the way beneath it. */
  public plate(x: number, y: number, text: string): void {
    const width = widthOf(text, "port") + 16;
    this.box({ x: round(x - width / 2), y: y - 10, width: round(width), height: 20 }, "port-plate", 10);
    this.text(x, y + 4, text, "port", "middle");
  }

  public markup(): Markup {
    return markup`${this.parts}`;
  }
}

export const lineHeight = 16;
const radius = 9;
const round = (value: number): number => Math.round(value * 10) / 10;
const at = ([x, y]: readonly [number, number]): string => `${round(x)} ${round(y)}`;

function corner(points: readonly (readonly [number, number])[], index: number): string | undefined {
  const [before, here, after] = [points[index - 1], points[index], points[index + 1]];
  if (before === undefined || here === undefined || after === undefined) return undefined;
  return `L${at(towards(here, before))}Q${at(here)} ${at(towards(here, after))}`;
}

/** The point a corner's radius away from it, or half of the way where that is shorter. */
function towards(from: readonly [number, number], to: readonly [number, number]): readonly [number, number] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const part = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}
