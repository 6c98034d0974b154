import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Circles } from "../gateway/circles";

export interface RunningCollectorArgs {
  readonly program: string;
  readonly configuration: object;
  readonly circles: Circles;
  /** Places on this machine by what the configuration says: `0.0.0.0:4317`, or the beginning of a URL or a path. */
  readonly places: Readonly<Record<string, string>>;
  /** On which it takes records; undefined where it only reads files. */
  readonly port?: number;
  /** In its certificate. Default: the audit zone's collector. */
  readonly name?: string;
}

/** The real collector on loopback, with the generated configuration: only paths and places differ. */
export class RunningCollector {
  private process: ChildProcess | undefined;
  private output = "";
  private readonly watchers: (() => void)[] = [];

  private constructor(
    private readonly program: string,
    public readonly directory: string,
    private readonly port: number | undefined,
  ) {}

  public static async start({
    program,
    configuration,
    circles,
    places,
    port,
    name = "collector.audit.svc",
  }: RunningCollectorArgs): Promise<RunningCollector> {
    const directory = mkdtempSync(join(tmpdir(), "collector-"));
    const { chain, key } = await circles.issue("services", [name]);
    for (const folder of ["tls", "data"]) mkdirSync(join(directory, folder));
    const files = { "collector.crt": chain, "collector.key": key, "services.pem": circles.trust("services") };
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(directory, "tls", name), text, { mode: 0o600 });
    const here = { "/etc/tls/": `${directory}/tls/`, "/data/": `${directory}/data/`, ...places };
    let text = stringify(configuration);
    for (const [from, to] of Object.entries(here)) text = text.replaceAll(from, to);
    writeFileSync(join(directory, "collector.yaml"), text);
    const running = new RunningCollector(program, directory, port);
    await running.start();
    return running;
  }

  /** Starts it on what its disk holds, and waits until it takes records. */
  public async start(): Promise<void> {
    this.output = "";
    const child = spawn(this.program, ["--config", join(this.directory, "collector.yaml")], { stdio: "pipe" });
    this.process = child;
    const take = (piece: Buffer): void => {
      this.output += piece.toString();
      for (const look of this.watchers) look();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    await this.says("Everything is ready");
    while (this.port !== undefined && !(await opens(this.port))) continue;
  }

  /** Resolves once its log holds the text. */
  public says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.output.includes(text)) resolve();
      };
      this.watchers.push(look);
      this.process?.once("exit", (code) => reject(new Error(`the collector ended with ${code}: ${this.output}`)));
      look();
    });
  }

  public async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const { process: child } = this;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  public async remove(): Promise<void> {
    await this.kill("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function opens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("connect", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => setTimeout(() => resolve(false), 50));
  });
}
