import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const docsFolder = resolve(__dirname, "../../docs");

export const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

/** A Markdown table; bars and opening angle brackets in cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => escapeOutsideCode(cell.replaceAll("|", "\\|"))).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Inside backticks an angle bracket is itself already. */
const escapeOutsideCode = (cell: string): string =>
  cell.replaceAll(/`[^`]*`|</g, (found) => (found === "<" ? "&lt;" : found));

/**
 * A page of the documentation whose generated parts, each between `<!-- <name>:begin -->` and `<!-- <name>:end -->`, are new.
 *
 * @throws Error when the page lacks the marks.
 */
export function withPart(file: string, parts: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(docsFolder, file), "utf8");
  for (const [name, generated] of Object.entries(parts)) {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${file} has no marks ${begin} and ${end}`);
    text = `${text.slice(0, from + begin.length)}\n\n${generated}\n\n${text.slice(to)}`;
  }
  return text;
}

/** As the repository's formatter leaves it, so that a generated page passes the same check as a written one. */
export async function formatted(page: string, file: string): Promise<string> {
  const { format, resolveConfig } = await import("prettier");
  const path = join(docsFolder, file);
  return format(page, { ...(await resolveConfig(path)), filepath: path });
}
