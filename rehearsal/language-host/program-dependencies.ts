import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Dependency {
  readonly name: string;
  /** The installed version, or the range asked for when the package is not installed. */
  readonly version: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
}

/** The packages a program's own package.json names, for `pulumi about`. */
export function directDependencies(directory: string): Dependency[] {
  const require = createRequire(join(directory, "package.json"));
  const manifest = readManifest(join(directory, "package.json"));
  return Object.entries(manifest?.dependencies ?? {}).map(([name, range]) => {
    const folder = (require.resolve.paths(name) ?? []).find((path) => readManifest(join(path, name, "package.json")));
    const installed = folder && readManifest(join(folder, name, "package.json"));
    return { name, version: (installed || undefined)?.version ?? range };
  });
}

function readManifest(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}
