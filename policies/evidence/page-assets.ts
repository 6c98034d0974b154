import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** In the order of the cascade: what is for phones and paper comes last. */
const styles = ["base", "frame", "overview", "lists", "tables", "media"];

/** The page's own style and script. Both are named by hash in its content security policy: nothing else may run. */
export const pageStyle = styles.map((name) => asset(`${name}.css`)).join("");
export const pageScript = asset("page.js");

export function contentHash(content: string): string {
  return `sha256-${createHash("sha256").update(content).digest("base64")}`;
}

/** As the file has it, without comments that fill a line and without indentation: they would be in every page. */
function asset(name: string): string {
  const text = readFileSync(join(__dirname, "page-files", name), "utf8");
  const bare = text.replace(/^\s*(\/\*.*\*\/|\/\/.*)$/gm, "").replace(/\s*\n\s*/g, "\n");
  return `\n${bare.trim()}\n`;
}
