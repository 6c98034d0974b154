import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { projectDirectory as repository } from "../scripts/rehearse/rehearsal-files";
import type { BenchSite } from "./bench-site";
import { growthExponent, type Sizes } from "./growth";
import { median, type Measurement } from "./measurement";
import { timed } from "./timed-command";

const goal = 1.1;
const previews = 3;
const counts = { models: [1, 10, 50, 100], pools: [1, 4, 16] } as const;

type What = keyof typeof counts;

/** One kind of value at all sizes. */
export interface Grown {
  readonly measurement: Measurement;
  readonly sizes: Sizes;
  readonly of: string;
}

/**
 * How preview time, the program's memory and the state grow with the number of models and of GPU pools: each size is brought
 * up by the engine and then previewed, as an operator would look before a change. The platform of the site makes room first.
 */
export async function measureScale(site: BenchSite): Promise<Grown[]> {
  await site.rehearsal.destroy();
  const grown: Grown[] = [];
  for (const what of ["models", "pools"] as const) grown.push(...(await measure(site, what)));
  return grown;
}

async function measure(site: BenchSite, what: What): Promise<Grown[]> {
  const stack = new ScaleStack(site, what);
  await stack.ready();
  const seen: Record<"seconds" | "memory" | "state", [number, number][]> = { seconds: [], memory: [], state: [] };
  for (const count of counts[what]) {
    await stack.run(count, ["up", "--yes", "--skip-preview"]);
    const rounds = [];
    for (let round = 0; round < previews; round++) rounds.push(await stack.run(count, ["preview"]));
    seen.seconds.push([count, median(rounds.map(({ seconds }) => seconds))]);
    seen.memory.push([count, median(rounds.map(({ memory }) => memory))]);
    seen.state.push([count, stack.stateBytes()]);
  }
  const units = { seconds: "seconds of a preview", memory: "KiB of the program", state: "bytes of state" };
  return (["seconds", "memory", "state"] as const).map((kind) => {
    const value = Number(growthExponent(seen[kind]).toFixed(3));
    return {
      measurement: { name: `${what}-${kind}-growth`, value, unit: "exponent", goal, ok: value <= goal },
      sizes: seen[kind],
      of: `${units[kind]} at ${counts[what].join(", ")} ${what === "pools" ? "GPU pools" : what}`,
    };
  });
}

/** A project with the same settings and servers, whose program makes as many as it is asked for. */
class ScaleStack {
  private readonly directory: string;
  private readonly name: string;

  public constructor(
    private readonly site: BenchSite,
    private readonly what: What,
  ) {
    this.directory = join(site.directory, `scale-${what}`);
    this.name = `scale-${what}`;
  }

  public async ready(): Promise<void> {
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const project = parse(readFileSync(join(this.site.files.project, "Pulumi.yaml"), "utf8")) as object;
    const loader = join(repository, "load-typescript.cjs");
    const main = `${relative(this.directory, join(__dirname, "scale-program"))}/`;
    const runtime = { name: "nodejs", options: { typescript: false, nodeargs: `--require ${loader}` } };
    writeFileSync(join(this.directory, "Pulumi.yaml"), stringify({ ...project, main, runtime }));
    await this.engine(["stack", "init", this.name], 1);
  }

  /** @returns seconds of the whole command, and the largest memory of the program, KiB. */
  public async run(count: number, args: readonly string[]): Promise<{ seconds: number; memory: number }> {
    rmSync(this.memory, { force: true });
    const { seconds } = await this.engine(
      [...args, "--non-interactive", "--suppress-progress", "--stack", this.name],
      count,
    );
    if (!existsSync(this.memory)) throw new Error("The program did not say how much memory it took.");
    return { seconds, memory: Number(readFileSync(this.memory, "utf8")) };
  }

  public stateBytes(): number {
    return readFileSync(this.site.files.stackState(this.name)).length;
  }

  private get memory(): string {
    return join(this.directory, "memory");
  }

  private engine(args: readonly string[], count: number) {
    const asked = { what: this.what, count, authorities: this.site.files.authorities, memory: this.memory };
    return timed({
      command: this.site.toolbox.engine.path,
      args,
      directory: this.directory,
      environment: { ...this.site.rehearsal.site.environment, CLOISTER_BENCH_SCALE: JSON.stringify(asked) },
    });
  }
}
