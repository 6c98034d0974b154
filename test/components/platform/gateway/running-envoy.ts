import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { AuthorityName } from "../../../../components/certificates";
import { ports } from "../../../../components/flows";
import { envoyConfig, readinessPort, type EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { tokenConfiguration, tokenFile } from "../../../../components/platform/gateway/envoy-identity";
import { freePorts } from "../../../../rehearsal/processes/free-ports";
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

const listens = {
  door: `0.0.0.0:${ports.door}`,
  metrics: `0.0.0.0:${ports.doorMetrics}`,
  health: `0.0.0.0:${readinessPort}`,
};
const guard = `guard.gateway.svc:${ports.guard}`;
const collector = `collector.audit.svc:${ports.collector}`;

/** Where the door and its neighbours stand when nothing is to be reached. */
export const nowhere: Places = {
  [listens.door]: 1,
  [listens.metrics]: 2,
  [listens.health]: 3,
  [guard]: 4,
  [collector]: 5,
};

/** Where the door's neighbours stand. */
export const neighbours = (at: { readonly guard: number; readonly collector: number }): Places => ({
  [guard]: at.guard,
  [collector]: at.collector,
});

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
  mount(join(directory, "configuration"), files);
  const here: Record<string, string> = {
    "/etc/tls/": `${directory}/tls/`,
    "/etc/envoy": `${directory}/configuration`,
    "/tmp/": `${directory}/`,
    "/run/router/": `${directory}/`,
  };
  const text = stringify(moved(configuration, places)).replaceAll(
    /\/etc\/tls\/|\/etc\/envoy|\/tmp\/|\/run\/router\//g,
    (path) => here[path] ?? path,
  );
  writeFileSync(join(directory, "envoy.yaml"), text);
  return directory;
}

let swaps = 0;

/** Lays files down as Kubernetes mounts a configuration: behind a link, which a change swaps. */
export function mount(folder: string, files: Readonly<Record<string, string>>): void {
  const version = `..${(swaps += 1)}`;
  mkdirSync(join(folder, version), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, version, name), text);
    if (!existsSync(join(folder, name))) symlinkSync(join("..data", name), join(folder, name));
  }
  symlinkSync(version, join(folder, "..data_next"));
  renameSync(join(folder, "..data_next"), join(folder, "..data"));
}

/** What the door is laid out with. */
export const doorLayOut = (args: EnvoyConfigArgs, places: Places, more: Record<string, string> = {}): LayOut => ({
  configuration: envoyConfig(args),
  places,
  leaves: { door: ["services", ["envoy.gateway.svc", "envoy-metrics.gateway.svc", args.host]] },
  files: { [tokenFile]: stringify(tokenConfiguration(args.identity)), ...more },
});

/** Envoy's own judgement of a configuration. @returns what it says. Rejects where it refuses. */
export async function validate(envoy: string, directory: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(envoy, [
    "--mode",
    "validate",
    "--config-path",
    join(directory, "envoy.yaml"),
  ]);
  return stdout + stderr;
}

/** The real Envoy on loopback, with the generated configuration. */
export class RunningEnvoy {
  private constructor(
    private readonly process: ChildProcess,
    public readonly directory: string,
    public readonly at: Record<"door" | "metrics" | "health", number>,
  ) {}

  /** The door. `files` are further ones of `/etc/envoy`. */
  public static async start(
    envoy: string,
    args: EnvoyConfigArgs,
    circles: Circles,
    around: Places,
    files: Record<string, string> = {},
  ): Promise<RunningEnvoy> {
    const folder = mkdtempSync(join(tmpdir(), "envoy-ports-"));
    const at = await freePorts(folder, ["door", "metrics", "health"]);
    rmSync(folder, { recursive: true });
    const places = {
      ...around,
      [listens.door]: at.door,
      [listens.metrics]: at.metrics,
      [listens.health]: at.health,
    };
    return RunningEnvoy.run(envoy, await layOut(doorLayOut(args, places, files), circles), at);
  }

  /** Any Envoy that was laid out in a folder. */
  public static async run(
    envoy: string,
    directory: string,
    at: Record<"door" | "metrics" | "health", number>,
  ): Promise<RunningEnvoy> {
    const log = openSync(join(directory, "envoy.log"), "w");
    const process = spawn(
      envoy,
      ["--config-path", join(directory, "envoy.yaml"), "--disable-hot-restart", "--concurrency", "1", "-l", "warn"],
      { stdio: ["ignore", log, log] },
    );
    closeSync(log);
    const running = new RunningEnvoy(process, directory, at);
    await running.untilLive();
    return running;
  }

  public get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The socket of its admin interface, within its folder. */
  public get adminSocket(): string {
    return readdirSync(this.directory).find((name) => name.endsWith("admin.sock")) ?? "admin.sock";
  }

  /** What the admin socket answers; only this machine's own user can ask. */
  public admin(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: join(this.directory, this.adminSocket), path, agent: false }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (piece: string) => (body += piece));
        response.on("end", () => resolve(body));
      });
      call.on("error", reject).end();
    });
  }

  /** A counter of one listener, such as `ssl.fail_verify_no_cert`. */
  public async counted(listener: "door" | "metrics" | "health", counter: string): Promise<number> {
    const name = `listener.127.0.0.1_${this.at[listener]}.${counter}`;
    const line = (await this.admin(`/stats?filter=${name}$`)).trim();
    return Number(line.split(": ")[1] ?? Number.NaN);
  }

  /** Asks it to end, as the kubelet does, and waits until it has. */
  public async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async untilLive(): Promise<void> {
    for (;;) {
      if (this.process.exitCode !== null) {
        throw new Error(`Envoy ended: ${readFileSync(join(this.directory, "envoy.log"), "utf8")}`);
      }
      const state = await this.admin("/ready").catch(() => "");
      if (state.includes("LIVE")) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
