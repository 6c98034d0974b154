import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";

export const docsFolder = resolve(__dirname, "../../docs");

/**
 * A page of the documentation whose generated part, between `<!-- <name>:begin -->` and `<!-- <name>:end -->`, is what
 * the code says today. Compared with the file by `toMatchFileSnapshot`, so that `npm test -- test/docs --update` mends it.
 *
 * @throws Error when the page lacks the marks.
 */
export async function pageWith(file: string, name: string, generated: string): Promise<string> {
  const path = join(docsFolder, file);
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const text = readFileSync(path, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no marks ${begin} and ${end}`);
  const page = `${text.slice(0, from + begin.length)}\n\n${generated}\n\n${text.slice(to)}`;
  return format(page, { ...(await resolveConfig(path)), parser: "markdown" });
}

/** A Markdown table; bars and opening angle brackets in cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
