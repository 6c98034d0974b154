import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedPages } from "./generated";
import { docsFolder } from "./markdown";

/** Folders in which every page is written from the code: one whose source is gone goes too. */
export const generatedFolders = ["reference", "guides", "footprints", "controls"] as const;

/** Files of those folders that no longer come from anything. */
export const leftOver = (pages: ReadonlyMap<string, string>): string[] =>
  generatedFolders.flatMap((folder) =>
    readdirSync(join(docsFolder, folder))
      .filter((file) => !file.startsWith("."))
      .map((file) => `${folder}/${file}`)
      .filter((file) => !pages.has(file)),
  );

/** `docs`: writes every generated page anew, and tells how many there are. */
export async function writeDocumentation(): Promise<void> {
  const pages = await generatedPages();
  for (const [file, page] of pages) {
    const path = join(docsFolder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, page);
  }
  for (const file of leftOver(pages)) rmSync(join(docsFolder, file));
  process.stdout.write(`Wrote ${pages.size} pages of docs/ from the code.\n`);
}
