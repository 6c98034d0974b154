import type { Command } from "commander";

/** Registers what is written from the code: pages, tables, schemas. */
export function registerPages(program: Command): void {
  program
    .command("flows")
    .description("show who may talk to whom")
    .option("--json", "print the table as JSON")
    .action(async (options: { json?: boolean }) => {
      const { printFlows } = await import("../flows");
      printFlows(options.json === true);
    });

  program
    .command("schema")
    .description("write the JSON Schema by which editors check environment files")
    .action(async () => {
      const { writeEnvironmentSchema } = await import("../schema");
      process.stdout.write(`Wrote ${writeEnvironmentSchema()}.\n`);
    });

  program
    .command("guide")
    .description(
      "write an environment's guide: what stands, a picture of its network, and how it is brought up and run",
    )
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .action(async (environment: string, options: { folder?: string }) => {
      const { writeGuide } = await import("../guide/command");
      process.stdout.write(`Wrote ${writeGuide(environment, options.folder)}.\n`);
    });

  program
    .command("docs")
    .description("write the generated pages of docs/ anew, after a change to what they describe")
    .action(async () => {
      const { writeDocumentation } = await import("../docs/command");
      await writeDocumentation();
    });
}
