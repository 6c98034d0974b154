import type { Command } from "commander";

/** Registers what a lab of its own is put through. */
export function registerTrials(program: Command): void {
  const trial = program
    .command("trial")
    .description("put a lab of its own under load, and see that what is promised holds");
  trial
    .command("kills")
    .description("kill every process at random moments, restart it, and hold what applications saw against the record")
    .argument("[environment]", "one of the files in stacks/, without .yaml", "on-prem")
    .option("--count <number>", "how often in all", "100")
    .option("--seed <number>", "what order and moments follow from (default: drawn, and printed)")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--json", "print the outcome as JSON; progress goes to standard error")
    .addHelpText("after", "\nExit codes: 0 nothing was lost · 1 something was")
    .action(async (environment: string, options: { count: string }) => {
      const { kills } = await import("../trial/command");
      process.exitCode = await kills(environment, options);
    });
  trial
    .command("restarts")
    .description("replace every pod in its turn, the doors among them, and count the answers that break")
    .argument("[environment]", "one of the files in stacks/, without .yaml", "on-prem")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--json", "print the outcome as JSON; progress goes to standard error")
    .addHelpText("after", "\nExit codes: 0 no answer broke · 1 one did")
    .action(async (environment: string, options: object) => {
      const { restarts } = await import("../trial/command");
      process.exitCode = await restarts(environment, options);
    });
}
