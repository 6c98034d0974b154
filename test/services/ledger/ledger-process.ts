import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import type { LedgerWorld } from "./ledger-world";

const root = join(__dirname, "../../..");

/** A port that was free a moment ago: a ledger that is started anew keeps it. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export interface ProcessOptions {
  /** Bundle of the ledger. */
  readonly program: string;
  /** What Node is told before the program. */
  readonly nodeArgs?: readonly string[];
  /** What stands before Node, such as `strace`. */
  readonly wrapper?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The ledger as the process it is in production, on a world's folder. */
export class LedgerProcess {
  private child: ChildProcess | undefined;
  public output = "";

  public constructor(
    private readonly world: LedgerWorld,
    private readonly ports: { readonly api: number; readonly probes: number; readonly metrics: number },
    private readonly options: ProcessOptions,
    more: object = {},
  ) {
    const at = (port: number) => ({ address: "127.0.0.1", port });
    const configuration = world.configuration({
      ...{ listen: at(ports.api), probes: at(ports.probes), metrics: at(ports.metrics) },
      ...more,
    });
    writeFileSync(world.path("ledger.yaml"), stringify(configuration));
    world.api = ports.api;
  }

  public get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts it, and waits until it listens. */
  public async start(): Promise<void> {
    const { program, nodeArgs = [], wrapper = [], environment = {} } = this.options;
    const [command = "", ...args] = [
      ...wrapper,
      process.execPath,
      ...nodeArgs,
      program,
      "--config",
      this.world.path("ledger.yaml"),
    ];
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"], ...environment },
    });
    this.child = child;
    const listens = new Promise<void>((resolve, reject) => {
      const take = (piece: Buffer): void => {
        this.output += piece.toString();
        if (piece.toString().includes("the ledger listens")) resolve();
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.on("exit", (code) => reject(new Error(`the ledger ended with ${code}: ${this.output.slice(-2000)}`)));
    });
    await listens;
  }

  /** Ends it without a warning, and waits until it is gone. */
  public async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, "exit");
    child.kill(signal);
    const [code] = (await gone) as [number | null];
    return code;
  }

  /** Ends what runs under `strace`, which passes no signal on. */
  public async stopTraced(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    const gone = once(child, "exit");
    const [traced] = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, "utf8").trim().split(" ");
    process.kill(Number(traced), "SIGTERM");
    await gone;
  }
}
