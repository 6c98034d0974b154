import { markup, type Markup } from "../../policies/evidence/markup";

/** A sentence with `code` and _words_ as page content. */
export function inline(text: string): Markup {
  const parts = text.split(/(`[^`]+`|_[^_]+_)/);
  return markup`${parts.map((part) => {
    if (part.startsWith("`")) return markup`<code>${part.slice(1, -1)}</code>`;
    return part.startsWith("_") ? markup`<em>${part.slice(1, -1)}</em>` : part;
  })}`;
}
