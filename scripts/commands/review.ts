import { Option, type Command } from "commander";

/** Registers what tells before a change what it does and costs, and what the gate is worth. */
export function registerReview(program: Command): void {
  program
    .command("plan")
    .description("say which footprint an environment is cheapest on, what it costs and when it breaks even")
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--months <number>", "horizon, 1 to 120 months", "36")
    .option("--prices <file>", "prices of your own (default: stacks/<environment>/prices.yaml, where there is one)")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--state <path>", "folder in which the pages are kept (default: .cloister/plans)")
    .option("--json", "print the plan as JSON")
    .action(async (environment: string, options: object) => {
      const { plan } = await import("../plan/command");
      process.exitCode = plan(environment, options);
    });

  program
    .command("ci-preview")
    .description("say what a change does to each environment: resources, cost and verdicts, as a comment on it")
    .argument("[environments...]", "files in stacks/, without .yaml (default: all)")
    .option("--base <reference>", "branch, tag or commit to compare with (default: that of the pull request)")
    .addOption(
      new Option("--rehearsed", "at stand-ins on this machine, without credentials; else against what is deployed"),
    )
    .addOption(
      new Option("--drift", "read what is really there, and say where it is not what the code says").conflicts([
        "base",
        "rehearsed",
      ]),
    )
    .option("--list", "only name the environments")
    .addOption(
      new Option("--join <folders...>", "make one report of several, each written with --out").conflicts([
        ...["base", "rehearsed", "drift", "list"],
      ]),
    )
    .option("--out <folder>", "folder of the report (default: .cloister/ci-preview)")
    .option("--json", "print the report as JSON")
    .addHelpText("after", "\nExit codes: 0 all is well · 1 something is stopped · 3 something drifted")
    .action(async (environments: string[], options: object) => {
      const { ciPreview } = await import("../ci-preview/command");
      process.exitCode = await ciPreview(environments, options);
    });

  program
    .command("mutate")
    .description("break every field of the rehearsed plans once, and count what the gate stops; survivors are printed")
    .argument("[environments...]", "files in stacks/, without .yaml (default: all)")
    .option("--rehearsed", "break the plans of the last rehearsals; without it each is previewed anew")
    .option("--goal <percent>", "least share of mutants that has to stop a deployment", "95")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--state <path>", "folder in which rehearsals keep their files (default: .cloister/rehearsals)")
    .option("--json", "print the report as JSON; progress goes to standard error")
    .addHelpText("after", "\nExit codes: 0 the goal is reached · 1 it is not")
    .action(async (environments: string[], options: { goal: string }) => {
      const { mutate } = await import("../mutate/command");
      process.exitCode = await mutate(environments, options);
    });
}
