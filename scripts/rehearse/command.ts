import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { runningRehearsal, stopRehearsal, Supervisor } from "../../rehearsal/processes/supervisor";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import { readEnvironment } from "../../stacks/environment";
import type { EngineResult } from "../engine/engine";
import { quoted } from "../quoted";
import { Rehearsal } from "./rehearsal";
import { RehearsalFiles } from "./rehearsal-files";
import { exitCodes } from "./summary";
import { rehearsalTable, tellFailures } from "./table";

export interface RehearseOptions {
  readonly json?: boolean;
  /** Leave the site up. */
  readonly keep?: boolean;
  /** End what `keep` left up. */
  readonly down?: boolean;
  /** Forget what earlier runs left. */
  readonly fresh?: boolean;
  /** Only preview. Default: deploy both stacks. */
  readonly preview?: boolean;
  /** Judge what stands where it was changed without the gate, and go on where it is released. */
  readonly judge?: boolean;
  readonly destroy?: boolean;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** Folder in which rehearsals keep their files. Default: `.cloister/rehearsals`. */
  readonly state?: string;
}

/** `rehearse [environment]`. @returns the exit code. */
export async function rehearse(name: string, options: RehearseOptions): Promise<number> {
  const environment = readEnvironment(name, options.folder);
  const files = new RehearsalFiles(name, options.state === undefined ? undefined : resolve(options.state));
  files.requireOwn();
  if (options.down === true) return down(name, files, options.json === true);
  if (options.fresh === true) {
    await stopRehearsal(files.directory);
    rmSync(files.directory, { recursive: true, force: true });
  }
  const progress = new StreamProgress();
  const toolbox = await prepareToolbox(
    [
      ...(["pulumi", "kubernetes", "etcd", "kwok", "registry", "crane", "versitygw"] as const),
      ...(environment.footprint.kind === "private-cloud" ? (["moto"] as const) : []),
    ],
    progress,
  );
  const verb = options.preview === true ? "preview" : "up";
  files.claim();
  const supervisor = await Supervisor.start(files.directory);
  const interrupted = () => {
    process.stderr.write(
      "\nInterrupted. The servers end by themselves; what was made is kept, and the same command goes on from there.\n",
    );
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  let kept = false;
  try {
    const rehearsal = await Rehearsal.open({
      environment,
      environmentFolder: options.folder,
      files,
      toolbox,
      supervisor,
      progress,
      verb,
    });
    if (options.destroy === true) {
      const results = await rehearsal.destroy();
      const destroyed = results.every((result) => result.code === 0);
      if (options.json === true)
        print({ stack: name, outcome: destroyed ? "destroyed" : "stopped", stacks: results.map(told) });
      return destroyed ? 0 : 1;
    }
    const summary = await rehearsal.run(options.judge === true);
    if (options.json === true) print(summary);
    else {
      process.stdout.write(rehearsalTable(summary));
      tellFailures(summary.stacks);
    }
    if (options.keep === true) {
      const until = await supervisor.keep();
      kept = true;
      const downCommand = [
        `npm run rehearse -- ${name} --down`,
        ...(options.state === undefined ? [] : ["--state", quoted(options.state)]),
      ];
      const { kubeconfigPath } = await rehearsal.controlPlane();
      progress.note(keptMessage(name, kubeconfigPath, toolbox.path("kubectl"), until, downCommand.join(" ")));
    }
    return exitCodes[summary.outcome];
  } finally {
    process.off("SIGINT", interrupted);
    if (!kept) await supervisor.stop();
  }
}

const told = ({ code, changes, errors }: EngineResult) => ({ code, changes, errors });

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

async function down(name: string, files: RehearsalFiles, json: boolean): Promise<number> {
  const running = runningRehearsal(files.directory) !== undefined;
  const ended = await stopRehearsal(files.directory);
  if (json) {
    print({ stack: name, wasUp: running, ended });
    return 0;
  }
  const told = ended.length === 0 ? `Nothing of ${name} was running.` : `Ended ${ended.join(", ")}.`;
  process.stdout.write(`${running ? "" : "No rehearsal was kept up. "}${told}\n`);
  return 0;
}

function keptMessage(name: string, kubeconfig: string, kubectl: string, until: string, down: string): string {
  return [
    `The rehearsal of ${name} stays up until ${until}. Look around:`,
    "",
    `  export KUBECONFIG=${quoted(kubeconfig)}`,
    `  alias kubectl=${quoted(kubectl)}      # or your own`,
    "  kubectl get pods -A -o wide",
    "",
    `End it: ${down}`,
  ].join("\n");
}
