/**
 * A line as lines of at most so many columns, those after the first indented; a longer word keeps a line of its own, so
 * that a path stays whole. Pure.
 *
 * @param columns default 110.
 * @param indent of the further lines, in columns; default 4.
 */
export function wrapped(line: string, columns: number = 110, indent: number = 4): string {
  const lines = [""];
  for (const [index, word] of line.split(/ (?=\S)/).entries()) {
    const current = lines.pop() ?? "";
    const longer = index === 0 ? word : `${current} ${word}`;
    if (index === 0 || longer.length <= columns) lines.push(longer);
    else lines.push(current, `${" ".repeat(indent)}${word}`);
  }
  return lines.join("\n");
}
