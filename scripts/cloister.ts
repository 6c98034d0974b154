import { Command } from "commander";
import { KitError } from "../components/kit-error";
import { version } from "../package.json";
import { SetupError } from "../rehearsal/setup/setup-error";
import { RehearsalBusyError } from "../rehearsal/processes/process-table";

const program = new Command("cloister")
  .description("A company's own LLM platform, behind its own walls")
  .version(version)
  .showHelpAfterError()
  .addHelpText(
    "after",
    "\nExit codes: 0 all is well · 1 stopped: a mistake, a policy or an error · 2 up, but not released by the gate",
  );

program
  .command("rehearse")
  .description("bring an environment up on this machine, through the real engine and a real API server")
  .argument("[environment]", "one of the files in stacks/, without .yaml", "on-prem")
  .option("--up", "deploy both stacks, also where a preview is the default")
  .option("--preview", "only preview both stacks")
  .option("--keep", "leave it up, and say how to use kubectl on it")
  .option("--down", "end what --keep left up")
  .option("--fresh", "forget what earlier rehearsals of the environment left")
  .option("--destroy", "take down both stacks of an earlier rehearsal")
  .option("--folder <path>", "folder of the environment files (default: stacks)")
  .option("--json", "print the summary as JSON; progress goes to standard error")
  .action(async (environment: string, options: object) => {
    const { rehearse } = await import("./rehearse/command");
    process.exitCode = await rehearse(environment, options);
  });

/** A person's mistake is told without a stack; anything else is a bug of ours and shows where. */
function tell(error: unknown): void {
  const ofPerson = error instanceof KitError || error instanceof SetupError || error instanceof RehearsalBusyError;
  process.stderr.write(`${ofPerson ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
}

program.parseAsync().catch(tell);
