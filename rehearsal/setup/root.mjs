import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The work tree, wherever the command was started from. */
export const ROOT = resolve(fileURLToPath(import.meta.url), "../../..");
