/** Text that is safe to put into a page as it is. Only `markup` makes it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | undefined | false | readonly Part[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const withoutIndent = new WeakMap<TemplateStringsArray, readonly string[]>();

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/**
 * A template whose values are escaped, unless they are markup themselves. Undefined and false leave nothing. The
 * template's own indentation is dropped: in a page of thousands of rows it would weigh as much as what they say.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    pieces(strings)
      .map((piece, index) => piece + render(parts[index]))
      .join(""),
  );
}

function pieces(strings: TemplateStringsArray): readonly string[] {
  let bare = withoutIndent.get(strings);
  if (!bare) {
    bare = strings.map((piece) => piece.replace(/\s*\n\s*/g, "\n"));
    withoutIndent.set(strings, bare);
  }
  return bare;
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeHtml(String(part));
}
