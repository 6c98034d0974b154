import type { Command } from "commander";

/** Registers the circles of trust: their ceremony, and what is taken back or issued beside it. */
export function registerPki(program: Command): void {
  const pki = program.command("pki").description("the circles of trust: their ceremony, and certificates taken back");
  pki
    .command("ceremony", { isDefault: true })
    .description(
      "hold the offline ceremony: each circle of trust gets an intermediate, signed by its own root: `cloister pki <environment>`",
    )
    .argument("<environment>")
    .requiredOption("--roots <file>", "file of the sealed roots; made where it is not there")
    .action(async (environment: string, options: { roots: string }) => {
      const command = await import("../pki/command");
      process.exitCode = await command.pki(environment, options);
    });
  const ofAuthority = (command: Command): Command =>
    command
      .option(
        "--rehearsed",
        "by the authorities of the environment's last rehearsal: what they sign opens nothing real",
      )
      .option("--folder <path>", "folder of the environment files (default: stacks)")
      .option("--state <path>", "with --rehearsed: folder in which rehearsals keep their files")
      .option("--json", "print what was done as JSON");
  ofAuthority(
    pki
      .command("revoke")
      .description("take certificates of applications back: the door refuses them once the environment is brought up")
      .argument("<environment>", "one of the files in stacks/, without .yaml")
      .argument("<certificates...>", "PEM files, or serial numbers in hexadecimal")
      .option("--days <number>", "until the next list is due, 1 to 397; an overdue one lets nobody in", "90"),
  ).action(async (environment: string, certificates: string[], options: { days: string }) => {
    const { revoke } = await import("../pki/revoke-command");
    process.exitCode = await revoke(environment, certificates, options);
  });
  ofAuthority(
    pki
      .command("crl")
      .description("sign the list of what was taken back anew, so that it counts for longer")
      .argument("<environment>", "one of the files in stacks/, without .yaml")
      .option("--days <number>", "until the next list is due, 1 to 397; an overdue one lets nobody in", "90")
      .option("--afresh", "begin an empty one: the old one is of an intermediate that is no more"),
  ).action(async (environment: string, options: { days: string }) => {
    const { revoke } = await import("../pki/revoke-command");
    process.exitCode = await revoke(environment, [], options);
  });

  ofAuthority(
    pki
      .command("auditor")
      .description(
        "issue a certificate with which an auditor asks the ledgers where their chains stand, and nothing else",
      )
      .argument("<environment>", "one of the files in stacks/, without .yaml")
      .option("--days <number>", "lifetime, 1 to 31", "7")
      .option("--out <folder>", "default: .cloister/pki/<environment>-auditor"),
  ).action(async (environment: string, options: { days: string }) => {
    const { issueAuditor } = await import("../pki/issue-command");
    process.exitCode = await issueAuditor(environment, options);
  });
}
