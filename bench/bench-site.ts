import { rmSync } from "node:fs";
import { join } from "node:path";
import { stopRehearsal, Supervisor } from "../rehearsal/processes/supervisor";
import type { Progress } from "../rehearsal/setup/progress";
import type { Toolbox } from "../rehearsal/setup/toolbox";
import { Rehearsal } from "../scripts/rehearse/rehearsal";
import { projectDirectory, RehearsalFiles } from "../scripts/rehearse/rehearsal-files";
import type { RehearsalSummary } from "../scripts/rehearse/summary";
import { readEnvironment } from "../stacks/environment";

/** The on-prem example in a folder of the measurements' own: nobody's rehearsal is touched. */
export class BenchSite {
  public readonly environment = readEnvironment("on-prem");
  public readonly directory = join(projectDirectory, ".cloister", "bench");
  public readonly files = new RehearsalFiles(this.environment.name, this.directory);
  private supervisor: Supervisor | undefined;
  private opened: Rehearsal | undefined;

  public constructor(
    public readonly toolbox: Toolbox,
    private readonly progress: Progress,
  ) {}

  /** The rehearsal that is up. */
  public get rehearsal(): Rehearsal {
    if (this.opened === undefined) throw new Error("No rehearsal of the measurements is up.");
    return this.opened;
  }

  /** Boots the site and brings both stacks up, as `npm run rehearse` does, and leaves it up. */
  public async rehearse(): Promise<RehearsalSummary> {
    const { environment, files, toolbox, progress } = this;
    this.supervisor = await Supervisor.start(files.directory);
    this.opened = await Rehearsal.open({
      environment,
      files,
      toolbox,
      supervisor: this.supervisor,
      progress,
      verb: "up",
    });
    const summary = await this.opened.run();
    if (summary.outcome === "released") return summary;
    const told = summary.stacks.flatMap(({ errors, refused }) => [...errors, ...refused]).join("\n");
    throw new Error(`The example was not released, so there is nothing to measure: ${summary.outcome}\n${told}`);
  }

  public async stop(): Promise<void> {
    await this.supervisor?.stop();
    this.supervisor = undefined;
    this.opened = undefined;
  }

  /** Ends what is up or was left by a killed measurement, and removes all files. */
  public async clear(): Promise<void> {
    await this.stop();
    await stopRehearsal(this.files.directory);
    rmSync(this.directory, { recursive: true, force: true });
  }
}
