import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { freePorts } from "../../../../rehearsal/processes/free-ports";
import type { Circles } from "./circles";
import { doorLayOut, doorListens } from "./door-lay-out";
import { layOut, mount, type Places } from "./lay-out";

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
      [doorListens.door]: at.door,
      [doorListens.metrics]: at.metrics,
      [doorListens.health]: at.health,
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

  /** Changes files of `/etc/envoy` as Kubernetes does. */
  public change(files: Readonly<Record<string, string>>): void {
    mount(join(this.directory, "configuration"), files);
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
