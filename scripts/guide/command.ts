import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironment } from "../../stacks/environment";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { guidePage } from "./page";

/** `guide <environment>`: writes its guide. Throws a KitError when the environment file has mistakes. @returns its path. */
export function writeGuide(name: string): string {
  const folder = join(projectDirectory, ".cloister", "guides");
  const path = join(folder, `${name}.html`);
  const page = guidePage(readEnvironment(name));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, page);
  return path;
}
