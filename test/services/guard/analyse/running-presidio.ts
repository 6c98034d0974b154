import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { ports } from "../../../../components/flows";
import {
  gunicornConfig,
  presidioArgs,
  presidioConfig,
  presidioEnvironment,
} from "../../../../components/platform/gateway/presidio-config";
import type { PresidioEntity } from "../../../../components/presidio-entities";
import { freePorts } from "../../../../rehearsal/processes/free-ports";
import type { Circles } from "../../../components/platform/gateway/circles";

const opens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

/**
 * The real Presidio on loopback, with the generated configuration and arguments; its REST server is the rehearsal's
 * stand-in, since the wheel has none.
 */
export class RunningPresidio {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly python: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  public static async start(
    python: string,
    circles: Circles,
    entities: readonly PresidioEntity[],
  ): Promise<RunningPresidio> {
    const folder = mkdtempSync(join(tmpdir(), "presidio-"));
    const { presidio: port = 0 } = await freePorts(folder, ["presidio"]);
    const own = await circles.issue("services", ["presidio.gateway.svc"]);
    const files = {
      "etc/tls/presidio.crt": own.chain,
      "etc/tls/presidio.key": own.key,
      "etc/tls/callers.pem": circles.trust("callers"),
      "etc/presidio/gunicorn.conf.py": gunicornConfig,
      "etc/presidio/analyzer.yaml": stringify(presidioConfig(entities)),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), text, { mode: 0o600 });
    }
    const presidio = new RunningPresidio(python, folder, port);
    await presidio.run();
    return presidio;
  }

  public get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  public async run(): Promise<void> {
    const here = (text: string): string =>
      text.replace(/^\/(?=etc\/)/, `${this.folder}/`).replace(`0.0.0.0:${ports.presidio}`, `127.0.0.1:${this.port}`);
    const environment = Object.entries(presidioEnvironment).map(([name, value]) => [name, here(value)] as const);
    const stand = join(__dirname, "../../../../rehearsal/presidio");
    const started = spawn(this.python, ["-m", "gunicorn", ...presidioArgs.map(here)], {
      cwd: stand,
      env: { PATH: process.env["PATH"], HOME: this.folder, PYTHONPATH: stand, ...Object.fromEntries(environment) },
      stdio: "ignore",
    });
    this.process = started;
    while (!(await opens(this.port))) {
      if (started.exitCode !== null) throw new Error(`Presidio ended with ${started.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it, as a node that is lost does. */
  public async kill(): Promise<void> {
    const { process: running } = this;
    this.process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill("SIGTERM");
    await ended;
  }

  public async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
