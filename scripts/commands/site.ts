import type { Command } from "commander";

/** Registers what an environment is made from: machines and images. */
export function registerSite(program: Command): void {
  program
    .command("boot-media")
    .description("write a seed for each machine of a site: the unattended install, and what the machine then runs")
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--out <folder>", "folder of the media (default: .cloister/boot-media/<environment>)")
    .option("--rehearsed", "from the environment's rehearsal: to look at, not to boot from")
    .option("--state <path>", "with --rehearsed: folder in which rehearsals keep their files")
    .option("--json", "print the media as JSON")
    .action(async (environment: string, options: object) => {
      const { bootMedia } = await import("../boot-media/command");
      process.exitCode = await bootMedia(environment, options);
    });

  program
    .command("kubeconfig")
    .description("write a kubeconfig for an operator of a site's cluster; it ends within hours")
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .requiredOption("--user <name>", "who asks; the audit record names them")
    .option("--hours <count>", "lifetime, 1 to 24", "8")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--out <file>", "default: .cloister/kubeconfigs/<environment>")
    .option("--rehearsed", "of the environment's rehearsal: to look at; it opens nothing real")
    .option("--state <path>", "with --rehearsed: folder in which rehearsals keep their files")
    .option("--json", "print what was written as JSON")
    .action(async (environment: string, options: { user: string; hours: string }) => {
      const { kubeconfig } = await import("../kubeconfig/command");
      process.exitCode = await kubeconfig(environment, options);
    });

  const images = program.command("images").description("the images and weights that an environment runs");
  const imageVerbs = {
    mirror: "copy them into the private registry and lock what it reports",
    lock: "lock what the private registry holds already",
    verify: "compare the lock with what the private registry holds",
  } as const;
  for (const verb of ["mirror", "lock", "verify"] as const) {
    images
      .command(verb)
      .description(imageVerbs[verb])
      .argument("<environment>")
      .option("--from <registry>", "take them from this registry, such as one carried over an air gap")
      .option("--json", "print the lock as JSON")
      .action(async (environment: string, options: object) => {
        const command = await import("../images/command");
        process.exitCode = await command.images(verb, environment, options);
      });
  }
}
