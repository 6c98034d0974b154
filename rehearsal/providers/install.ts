import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

/** The providers a rehearsal can stand in for. */
export type ProviderName = "kubernetes" | "random" | "tls" | "aws";

export const providerNames: readonly ProviderName[] = ["kubernetes", "random", "tls", "aws"];

export interface InstalledPlugin {
  readonly name: ProviderName;
  /** The version the program's SDK asks the engine for. */
  readonly version: string;
  readonly origin: "official" | "stand-in";
}

export interface InstallOptions {
  /** The rehearsal's own PULUMI_HOME: never the user's. */
  readonly pulumiHome: string;
  /** The user's PULUMI_HOME, only read: official plugins of the right version are linked from it. */
  readonly officialHome?: string;
  /** Default: all of them. */
  readonly providers?: readonly ProviderName[];
}

/** The official aws provider would need an account, and a rehearsal can never reach one. */
const neverOfficial: ReadonlySet<ProviderName> = new Set(["aws"]);

/** The version of a provider's SDK, which is the version of the plugin it asks for. */
export async function pluginVersion(name: ProviderName): Promise<string> {
  const manifest = createRequire(__filename).resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
}

/**
 * Lays provider plugins out where the engine looks for them: the official one where the user has it in the right
 * version, otherwise a stand-in. A second run changes nothing.
 */
export async function installProviders(options: InstallOptions): Promise<InstalledPlugin[]> {
  return Promise.all((options.providers ?? providerNames).map((name) => install(name, options)));
}

async function install(name: ProviderName, { pulumiHome, officialHome }: InstallOptions): Promise<InstalledPlugin> {
  const version = await pluginVersion(name);
  const official =
    officialHome && !neverOfficial.has(name) ? join(officialHome, pluginFolder(name, version)) : undefined;
  if (official && (await isFile(join(official, `pulumi-resource-${name}`)))) {
    await linkOfficial(official, join(pulumiHome, pluginFolder(name, version)));
    return { name, version, origin: "official" };
  }
  await installStandIn({ pulumiHome, name, version, entry: join(__dirname, name, "entry.ts") });
  return { name, version, origin: "stand-in" };
}

export interface StandIn {
  readonly pulumiHome: string;
  readonly name: string;
  readonly version: string;
  /** The TypeScript file that serves the provider. */
  readonly entry: string;
}

/** Lays out one provider served by a TypeScript file. */
export async function installStandIn({ pulumiHome, name, version, entry }: StandIn): Promise<void> {
  const folder = join(pulumiHome, pluginFolder(name, version));
  const path = join(folder, `pulumi-resource-${name}`);
  // A link to an official plugin must not be written through.
  if ((await lstat(path).catch(() => undefined))?.isSymbolicLink()) await rm(folder, { recursive: true });
  await mkdir(folder, { recursive: true });
  const script = standInScript(name, entry);
  if ((await readFile(path, "utf8").catch(() => undefined)) !== script) await writeFile(path, script);
  await chmod(path, 0o755);
}

/** The engine runs plugins in the program's directory: node is told where tsx and the entry are. */
function standInScript(name: string, entry: string): string {
  const tsx = resolve(__dirname, "../../load-typescript.cjs");
  return [
    "#!/bin/sh",
    `# A stand-in for Pulumi's ${name} provider, laid out by Cloister's rehearsal.`,
    `exec ${quote(process.execPath)} --require ${quote(tsx)} ${quote(entry)} "$@"`,
    "",
  ].join("\n");
}

function pluginFolder(name: string, version: string): string {
  return join("plugins", `resource-${name}-v${version}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The engine skips links among its plugin folders, so the folder is real and the files in it are links. */
async function linkOfficial(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) {
    const path = join(to, file);
    if ((await readlink(path).catch(() => undefined)) === join(from, file)) continue;
    await rm(path, { recursive: true, force: true });
    await symlink(join(from, file), path);
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
