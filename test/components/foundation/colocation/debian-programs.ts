import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory, contentKey } from "../../../../rehearsal/setup/tool-cache";

/** The upstream programs that judge what a cage is given, and the libraries that a bare machine has not. */
const cagePackages = [
  ...["wireguard-tools", "nftables", "libnftables1", "libnftnl11", "libmnl0", "libxtables12"],
  ...["strongswan-swanctl", "libstrongswan", "libstrongswan-standard-plugins"],
  ...["clevis", "tang-common", "jose", "libjose0", "libjansson4", "libhttp-parser2.9", "luksmeta", "libluksmeta0"],
];

const binaries = ["usr/bin", "usr/sbin", "usr/libexec"];
const libraries = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib/ipsec"];

/** Programs of Debian's own packages, unpacked beside the machine's, not installed into it. */
export class DebianPrograms {
  public constructor(private readonly root: string) {}

  public get environment(): NodeJS.ProcessEnv {
    const list = (folders: string[]) => folders.map((folder) => join(this.root, folder)).join(":");
    return { ...process.env, PATH: `${list(binaries)}:${process.env.PATH}`, LD_LIBRARY_PATH: list(libraries) };
  }

  public run(command: string, args: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
    return spawnSync(command, args, {
      encoding: "utf8",
      ...options,
      env: { ...this.environment, ...options.env },
    });
  }
}

/**
 * The programs, from the cache or by apt, which checks every package's signature. A string says why they cannot be had:
 * what they would judge is then shown as not exercised.
 *
 * @param name of the folder in the cache; a part of the tests has its own.
 */
export function debianPrograms(
  name = "colocation",
  packages: readonly string[] = cagePackages,
): DebianPrograms | string {
  const home = join(cacheDirectory(process.env), "debian");
  const root = join(home, `${name}-${contentKey([packages])}`);
  if (existsSync(root)) return new DebianPrograms(root);
  mkdirSync(home, { recursive: true });
  const work = mkdtempSync(join(home, "unpacking-"));
  try {
    const quiet = { cwd: work, stdio: ["ignore" as const, "ignore" as const, "pipe" as const], timeout: 60_000 };
    execFileSync("apt-get", ["download", ...packages], quiet);
    for (const file of readdirSync(work).filter((name) => name.endsWith(".deb"))) {
      execFileSync("dpkg-deb", ["--extract", file, join(work, "root")], quiet);
    }
    renameSync(join(work, "root"), root);
    return new DebianPrograms(root);
  } catch (error) {
    const last = error instanceof Error ? error.message.trim().split("\n").at(-1) : "";
    return existsSync(root) ? new DebianPrograms(root) : `apt-get could not bring them: ${last}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
