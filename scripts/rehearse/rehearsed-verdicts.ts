import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { standingState, type StandingState } from "../up/verdict/standing-state";
import type { KeptVerdict } from "../up/verdict/ungated";
import type { VerdictStore } from "../up/verdict/verdict-keeper";
import type { RehearsalFiles } from "./rehearsal-files";

type Kept = Record<string, KeptVerdict | undefined>;

/** The verdicts of a rehearsal, in a file of its own. States are read from the backend's files: each question to the engine is a process. */
export class RehearsedVerdicts implements VerdictStore {
  public constructor(private readonly files: RehearsalFiles) {}

  public readState(stack: string): Promise<StandingState | undefined> {
    const state = this.files.readJson<{ checkpoint: { latest?: unknown } }>(this.files.stackState(stack));
    if (state === undefined) return Promise.resolve(undefined);
    return Promise.resolve(standingState(stack, state.checkpoint.latest, this.history(stack)));
  }

  public readVerdict(stack: string): Promise<KeptVerdict> {
    return Promise.resolve(this.kept[stack] ?? { sealed: undefined });
  }

  public keepVerdict(stack: string, sealed: string, members: Readonly<Record<string, string>>): Promise<void> {
    this.files.writeJson(this.files.stackVerdicts, { ...this.kept, [stack]: { sealed, members } });
    return Promise.resolve();
  }

  private get kept(): Kept {
    return this.files.readJson<Kept>(this.files.stackVerdicts) ?? {};
  }

  private history(stack: string): unknown[] {
    const folder = join(this.files.state, ".pulumi", "history", "cloister", stack);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".history.json"))
      .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as unknown);
  }
}
