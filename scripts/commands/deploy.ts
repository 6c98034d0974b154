import { Option, type Command } from "commander";

/** Registers what brings an environment up, rehearsed or for real. */
export function registerDeployment(program: Command): void {
  program
    .command("rehearse")
    .description("bring an environment up on this machine, through the real engine and a real API server")
    .argument("[environment]", "one of the files in stacks/, without .yaml", "on-prem")
    .option("--preview", "only preview both stacks; without it they are deployed")
    .option("--judge", "where it was changed without the gate: judge what stands, and go on where that is released")
    .option("--keep", "leave it up, and say how to use kubectl on it")
    .addOption(new Option("--down", "end what --keep left up").conflicts(["preview", "keep", "fresh", "destroy"]))
    .option("--fresh", "forget what earlier rehearsals of the environment left")
    .addOption(new Option("--destroy", "take down both stacks of an earlier rehearsal").conflicts(["preview", "fresh"]))
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--state <path>", "folder in which rehearsals keep their files (default: .cloister/rehearsals)")
    .option("--json", "print the summary as JSON; progress goes to standard error")
    .action(async (environment: string, options: object) => {
      const { rehearse } = await import("../rehearse/command");
      process.exitCode = await rehearse(environment, options);
    });

  program
    .command("up")
    .description("bring an environment up for real, both stacks through the gate, and judge what stands")
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--yes", "do not ask; needed where there is no terminal")
    .option("--preview", "only preview both stacks")
    .addOption(
      new Option(
        "--judge",
        "where it was changed without the gate: judge what stands, and go on where that is released",
      ).conflicts("preview"),
    )
    .option("--json", "print the outcome as JSON")
    .action(async (environment: string, options: object) => {
      const { up } = await import("../up/command");
      process.exitCode = await up(environment, options);
    });

  program
    .command("waive")
    .description(
      "accept a failure of the last run for a while; alone, it lists what failed and what of it can be waived",
    )
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--policy <id>", "the rule that failed, such as NET-05")
    .option("--urn <urn>", "the one resource, by its whole URN")
    .option("--reason <sentence>", "why it is accepted")
    .option("--compensating <sentence>", "what keeps the promise meanwhile")
    .option("--owner <mail>", "who answers for it")
    .option("--approver <mail>", "who agreed: somebody else, of the environment's approvers")
    .option("--ticket <text>", "where it was agreed to")
    .option("--expires <day>", "its last day, at most 90 days from now (default: 30)")
    .addOption(new Option("--list", "show the waivers there are, judged today by the last run").conflicts("policy"))
    .addOption(new Option("--remove <id>", "take one out").conflicts(["policy", "list"]))
    .option("--rehearsed", "from the environment's last rehearsal")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--state <path>", "with --rehearsed: folder in which rehearsals keep their files")
    .option("--json", "print the outcome as JSON")
    .action(async (environment: string, options: object) => {
      const { waive } = await import("../waive/command");
      process.exitCode = waive(environment, options);
    });
}
