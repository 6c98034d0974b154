import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { KitError } from "../../../components/kit-error";
import { runLogged } from "../../../rehearsal/setup/command";
import { engineEnvironment, type Engine } from "./engine";

/** What the engine says of a service's container. */
export interface ContainerState {
  readonly service: string;
  /** Such as `running` or `exited`. */
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`, or empty where nothing is asked. */
  readonly health: string;
  readonly exitCode: number;
}

/** Seconds in which all services must have become healthy: a guard waits for the ledger, and the door for the guard. */
const waitSeconds = 180;

/** One Compose file, started and ended with a container engine. */
export class ComposeEngine {
  /**
   * @param project name of the Compose project: what is ended is what bears it.
   * @param file absolute path of the Compose file.
   * @param logs folder of what the engine says.
   */
  public constructor(
    private readonly engine: Engine,
    private readonly project: string,
    private readonly file: string,
    private readonly logs: string,
  ) {}

  /** @throws KitError where the engine's own reader refuses the file. */
  public async validate(): Promise<void> {
    const { exitCode, tail } = await this.run("config", ["compose", ...this.of, "config", "--quiet"]);
    if (exitCode === 0) return;
    throw this.mistake(
      this.file,
      lastLine(tail),
      "a file that `compose config` reads",
      "take a newer `compose`: 2.30 or later",
    );
  }

  /**
   * Fetches what the engine does not have.
   *
   * @param mendOf what a person can do where an image is not to be had.
   * @throws KitError naming every image that is neither here nor to be had.
   */
  public async requireImages(
    references: readonly string[],
    mend: string,
    detail: (text: string) => void,
  ): Promise<void> {
    const mistakes = [];
    for (const [index, reference] of references.entries()) {
      if (this.ask(["image", "inspect", "--format", "{{.Id}}", reference]).status === 0) continue;
      detail(`${index + 1} of ${references.length}: ${reference}`);
      const { exitCode, tail } = await this.run("pull", ["pull", reference]);
      if (exitCode === 0) continue;
      const allowed = `an image that ${this.engine.name} has, or that it can pull`;
      mistakes.push({ path: reference, found: lastLine(tail), allowed, mend });
    }
    if (mistakes.length > 0) throw new KitError(`${this.engine.name} does not have the lab's images`, mistakes);
  }

  /**
   * Starts services, or all, and waits until each is healthy, or runs where nothing is asked.
   *
   * @throws KitError naming what did not, with the end of its log.
   */
  public async up(services: readonly string[], detail: (text: string) => void): Promise<void> {
    const args = ["up", "--detach", "--no-build", "--remove-orphans", "--wait", "--wait-timeout", `${waitSeconds}`];
    const { exitCode, tail } = await this.run("up", ["compose", ...this.of, ...args, ...services], detail);
    if (exitCode === 0) return;
    const bad = this.states().filter(({ state, health }) => state !== "running" || !["", "healthy"].includes(health));
    if (bad.length === 0) {
      throw this.mistake(
        this.project,
        lastLine(tail),
        "services that start",
        `see ${join(this.logs, "engine-up.log")}`,
      );
    }
    throw new KitError(
      "The lab's containers did not come up, and were ended again",
      bad.map(({ service, state, health, exitCode: code }) => ({
        path: `service ${service}`,
        found: `${state === "running" ? health : `${state}, exit code ${code}`}; the end of its log:\n${this.logOf(service)}`,
        allowed: `running, and healthy within ${waitSeconds} seconds`,
        mend: `read ${join(this.logs, "containers.log")}, which has all services' logs`,
      })),
    );
  }

  public states(): ContainerState[] {
    const { stdout } = this.ask(["compose", ...this.of, "ps", "--all", "--format", "json"]);
    const text = stdout.trim();
    // One array in older versions, an object on each line in newer ones.
    const rows = (
      text.startsWith("[")
        ? JSON.parse(text)
        : text
            .split("\n")
            .filter(Boolean)
            .map((line) => JSON.parse(line) as unknown)
    ) as {
      Service: string;
      State: string;
      Health?: string;
      ExitCode?: number;
    }[];
    return rows.map(({ Service: service, State: state, Health: health = "", ExitCode: exitCode = 0 }) => ({
      service,
      state,
      health,
      exitCode,
    }));
  }

  /** Keeps every service's log, then ends all containers and networks of the project; safe to call again. */
  public async down(): Promise<void> {
    await this.run("containers", ["compose", ...this.of, "logs", "--no-color", "--timestamps"]);
    await this.run("down", ["compose", ...this.of, "down", "--volumes", "--remove-orphans"]);
  }

  private get of(): string[] {
    return ["--project-name", this.project, "--file", this.file];
  }

  private logOf(service: string): string {
    const { stdout } = this.ask([
      "compose",
      ...this.of,
      "logs",
      "--no-color",
      "--no-log-prefix",
      "--tail",
      "8",
      service,
    ]);
    return stdout.trimEnd().replaceAll(/^/gm, "       ");
  }

  private ask(args: readonly string[]): { status: number | null; stdout: string } {
    return spawnSync(this.engine.path, args, { env: engineEnvironment(), encoding: "utf8" });
  }

  private run(name: string, args: readonly string[], onLine?: (line: string) => void) {
    const log = join(this.logs, `${name === "containers" ? name : `engine-${name}`}.log`);
    const detail = onLine === undefined ? {} : { onLine: (line: string) => onLine(line.trim()) };
    return runLogged(this.engine.path, args, { cwd: this.logs, environment: engineEnvironment(), log, ...detail });
  }

  private mistake(path: string, found: string, allowed: string, mend: string): KitError {
    return new KitError(`${this.engine.name} could not start the lab`, [{ path, found, allowed, mend }]);
  }
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";
