import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { AuthorityName } from "../../../../components/certificates";
import type { Circles } from "./circles";

/** Where something stands: `host:port` as the configuration has it, and its port on this machine. */
export type Places = Readonly<Record<string, number>>;

/** Puts other addresses in the place of the cluster's; one that nobody named is an error, so none goes untested. */
function moved(value: unknown, places: Places): unknown {
  if (Array.isArray(value)) return value.map((each) => moved(each, places));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key !== "socket_address") return [key, moved(each, places)];
      const { address, port_value } = each as { address: string; port_value: number };
      const port = places[`${address}:${port_value}`];
      if (port === undefined) throw new Error(`the test has no place for ${address}:${port_value}`);
      return [key, { address: "127.0.0.1", port_value: port }];
    }),
  );
}

/** What a laid-out Envoy is given besides its configuration. */
export interface LayOut {
  readonly configuration: object;
  readonly places: Places;
  /** Certificates by file name: the authority and the names. */
  readonly leaves: Readonly<Record<string, readonly [AuthorityName, readonly string[]]>>;
  /** Further files of `/etc/envoy`. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A folder with the files that the pod would see, and the configuration with paths and places changed. */
export async function layOut({ configuration, places, leaves, files = {} }: LayOut, circles: Circles): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "envoy-"));
  mkdirSync(join(directory, "tls"));
  for (const [name, [authority, names]] of Object.entries(leaves)) {
    const { chain, key } = await circles.issue(authority, names);
    writeFileSync(join(directory, "tls", `${name}.crt`), chain);
    writeFileSync(join(directory, "tls", `${name}.key`), key, { mode: 0o600 });
  }
  for (const name of ["clients", "services"] as const) {
    writeFileSync(join(directory, "tls", `${name}.pem`), circles.trust(name));
  }
  const here: Record<string, string> = {
    "/etc/tls/": `${directory}/tls/`,
    "/etc/envoy": `${directory}/configuration`,
    "/tmp/": `${directory}/`,
    "/run/router/": `${directory}/`,
  };
  const placed = (text: string): string =>
    text.replaceAll(/\/etc\/tls\/|\/etc\/envoy|\/tmp\/|\/run\/router\//g, (path) => here[path] ?? path);
  const written = Object.entries(files).map(([name, text]) => [name, placed(text)]);
  mount(join(directory, "configuration"), Object.fromEntries(written) as Record<string, string>);
  writeFileSync(join(directory, "envoy.yaml"), placed(stringify(moved(configuration, places))));
  return directory;
}

let swaps = 0;

/** Lays files down as Kubernetes mounts a configuration: behind a link, which a change of some of them swaps. */
export function mount(folder: string, files: Readonly<Record<string, string>>): void {
  const version = `..${(swaps += 1)}`;
  mkdirSync(join(folder, version), { recursive: true });
  if (existsSync(join(folder, "..data"))) cpSync(join(folder, "..data/"), join(folder, version), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, version, name), text);
    if (!existsSync(join(folder, name))) symlinkSync(join("..data", name), join(folder, name));
  }
  symlinkSync(version, join(folder, "..data_next"));
  renameSync(join(folder, "..data_next"), join(folder, "..data"));
}
