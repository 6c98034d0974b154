import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { environmentJsonSchema, stacksFolder } from "../stacks/environment";

/** Writes `stacks/environment.schema.json`. @returns its path. */
export function writeEnvironmentSchema(): string {
  const path = join(stacksFolder, "environment.schema.json");
  writeFileSync(path, `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`);
  return path;
}
