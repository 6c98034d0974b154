import { lstatSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { KitError } from "../components/kit-error";

/** What a path is for, by the option that names it. */
export interface Place {
  /** As it was given, or by default. */
  readonly path: string;
  /** The option by which a person names another, such as `--out`; undefined where there is none. */
  readonly option?: string;
}

/**
 * Sees that a folder can be made and written to, before any work is done for what would lie in it. It leaves nothing.
 *
 * @throws KitError where something else stands on the way, or the system lets nobody write there.
 */
export function requireWritableFolder(place: Place): void {
  const nearest = nearestExisting(resolve(place.path));
  if (statSync(nearest, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw refused(place, `${nearest}, which is no folder`);
  }
  try {
    // Tried, not asked: to root every mode says yes, and a recursive mkdir never comes back from /proc.
    rmdirSync(mkdtempSync(join(nearest, ".cloister-")));
  } catch (error) {
    throw refused(place, `${nearest}, in which nothing can be made (${(error as NodeJS.ErrnoException).code})`);
  }
}

/**
 * The same for a file: its folder can be written to, and no folder stands where it would lie.
 *
 * @throws KitError where it cannot be written.
 */
export function requireWritableFile(place: Place): void {
  requireWritableFolder({ ...place, path: dirname(resolve(place.path)) });
  if (statSync(place.path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new KitError("The file cannot be written", [
      { path: resolve(place.path), found: "a folder", allowed: "a file, or nothing yet", mend: mendOf(place, "file") },
    ]);
  }
}

/** The path itself, or the nearest above it that is there; a link that leads nowhere is there, too. */
function nearestExisting(path: string): string {
  try {
    lstatSync(path);
    return path;
  } catch {
    return dirname(path) === path ? path : nearestExisting(dirname(path));
  }
}

const refused = (place: Place, found: string): KitError =>
  new KitError("The folder cannot be written to", [
    {
      path: resolve(place.path),
      found,
      allowed: "a folder that you may write to, or one that can be made in such a folder",
      mend: mendOf(place, "folder"),
    },
  ]);

const mendOf = ({ option }: Place, kind: string): string =>
  option === undefined ? "move what is in the way, or let yourself write there" : `name another ${kind} with ${option}`;
