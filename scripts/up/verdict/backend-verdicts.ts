import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "../../engine/engine";
import { standingState, type StandingState } from "./standing-state";
import type { KeptVerdict } from "./ungated";
import type { VerdictStore } from "./verdict-keeper";

/** Name of the tag that holds a stack's verdict. */
export const verdictTag = "cloister:verdict";
/** More would be read for nothing: what is older than the last verdict does not count. */
const newestUpdates = 50;

/** Keeps verdicts as tags of the stacks, in the backend where the state is: whoever works on the stack finds them there. */
export class BackendVerdicts implements VerdictStore {
  /** @param directory where this machine remembers how the gate left each resource, to say later what changed. */
  public constructor(
    private readonly engine: Engine,
    private readonly directory: string,
  ) {}

  public async readState(stack: string): Promise<StandingState | undefined> {
    const [exported, history] = await Promise.all([
      this.engine.ask(["stack", "export", "--stack", stack]),
      this.engine.ask(["stack", "history", "--json", "--page-size", String(newestUpdates), "--stack", stack]),
    ]);
    if (exported === undefined) return undefined;
    const { deployment } = JSON.parse(exported) as { deployment: unknown };
    return standingState(stack, deployment, JSON.parse(history ?? "[]") as unknown[]);
  }

  public async readVerdict(stack: string): Promise<KeptVerdict> {
    const tags = await this.engine.ask(["stack", "tag", "ls", "--json", "--stack", stack]);
    const sealed = (JSON.parse(tags ?? "{}") as Record<string, string>)[verdictTag];
    const known = existsSync(this.membersOf(stack));
    const members = known
      ? (JSON.parse(readFileSync(this.membersOf(stack), "utf8")) as Record<string, string>)
      : undefined;
    return { sealed, members };
  }

  public async keepVerdict(stack: string, sealed: string, members: Readonly<Record<string, string>>): Promise<void> {
    const done = await this.engine.ask(["stack", "tag", "set", verdictTag, sealed, "--stack", stack]);
    if (done === undefined) {
      throw new Error(`the backend does not keep the tag ${verdictTag} of ${stack}: Pulumi 3.274 and newer do`);
    }
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(this.membersOf(stack), JSON.stringify(members), { mode: 0o600 });
  }

  private membersOf(stack: string): string {
    return join(this.directory, `${stack}.standing.json`);
  }
}
