import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironment } from "../../stacks/environment";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { requireWritableFile } from "../writable-folder";
import { guidePage } from "./page";

/**
 * `guide <environment>`: writes its guide.
 *
 * @param environments folder of the environment files; default `stacks`.
 * @returns its path.
 * @throws KitError when the environment file has mistakes, or the guide cannot be written.
 */
export function writeGuide(name: string, environments?: string): string {
  const folder = join(projectDirectory, ".cloister", "guides");
  const path = join(folder, `${name}.html`);
  requireWritableFile({ path });
  const page = guidePage(readEnvironment(name, environments));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, page);
  return path;
}
