import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { objectName, type AuthorityName } from "../../../../components/certificates";
import { ports } from "../../../../components/flows";
import { envoyConfig, readinessPort, type EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
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

/** Where the door and its neighbours stand when nothing is to be reached. */
export const nowhere = (models: readonly string[]): Places => ({
  [`0.0.0.0:${ports.door}`]: 1,
  [`0.0.0.0:${ports.doorMetrics}`]: 2,
  [`0.0.0.0:${readinessPort}`]: 3,
  ...Object.fromEntries(models.map((model) => [`${objectName(model)}.serving.svc:${ports.vllm}`, 4])),
  [`collector.audit.svc:${ports.collector}`]: 5,
});

/** A folder with the files that the pod would see at `/etc/tls`, and the configuration with paths and places changed. */
export async function layOut(args: EnvoyConfigArgs, circles: Circles, places: Places): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "envoy-"));
  mkdirSync(join(directory, "tls"));
  const leaf = async (name: string, authority: AuthorityName, names: readonly string[]) => {
    const { chain, key } = await circles.issue(authority, names);
    writeFileSync(join(directory, "tls", `${name}.crt`), chain);
    writeFileSync(join(directory, "tls", `${name}.key`), key, { mode: 0o600 });
  };
  await leaf("door", "services", ["envoy.gateway.svc", "envoy-metrics.gateway.svc", args.host]);
  await leaf("caller", "callers", ["envoy.gateway.svc"]);
  for (const name of ["clients", "services"] as const) {
    writeFileSync(join(directory, "tls", `${name}.pem`), circles.trust(name));
  }
  const text = stringify(moved(envoyConfig(args), places))
    .replaceAll("/etc/tls/", `${directory}/tls/`)
    .replaceAll("/tmp/admin.sock", `${directory}/admin.sock`);
  writeFileSync(join(directory, "envoy.yaml"), text);
  return directory;
}

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

  public static async start(
    envoy: string,
    args: EnvoyConfigArgs,
    circles: Circles,
    neighbours: Places,
  ): Promise<RunningEnvoy> {
    const folder = mkdtempSync(join(tmpdir(), "envoy-ports-"));
    const at = await freePorts(folder, ["door", "metrics", "health"]);
    rmSync(folder, { recursive: true });
    const directory = await layOut(args, circles, {
      ...neighbours,
      [`0.0.0.0:${ports.door}`]: at.door,
      [`0.0.0.0:${ports.doorMetrics}`]: at.metrics,
      [`0.0.0.0:${readinessPort}`]: at.health,
    });
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

  /** What the admin socket answers; only this machine's own user can ask. */
  public admin(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: join(this.directory, "admin.sock"), path, agent: false }, (response) => {
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
