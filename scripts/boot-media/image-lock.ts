import { existsSync, readFileSync } from "node:fs";
import type { ImageLock } from "../../components/images";

/** The lock of an environment's images, or undefined where nothing was mirrored yet. */
export const readLock = (path: string): ImageLock | undefined =>
  existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ImageLock) : undefined;
