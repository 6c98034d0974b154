import { Option, type Command } from "commander";

/** Registers what shows an environment to whoever reviews it. */
export function registerEvidence(program: Command): void {
  const evidence = program
    .command("evidence")
    .description("the evidence of what the gate found: documents for people and machines, signed");
  evidence
    .command("write", { isDefault: true })
    .description("write the evidence of an environment's last run, and sign it: `cloister evidence <environment>`")
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--out <folder>", "default: .cloister/evidence/<environment>, or the rehearsal's own folder")
    .option("--rehearsed", "of the environment's last rehearsal")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--state <path>", "with --rehearsed: folder in which rehearsals keep their files")
    .option("--json", "print what was written as JSON")
    .action(async (environment: string, options: object) => {
      const command = await import("../evidence/command");
      process.exitCode = await command.evidence(environment, options);
    });
  evidence
    .command("verify")
    .description("see, without a network, that every document of a set is as it was signed")
    .argument("<path>", "the folder of the set, or its attestation.dsse.json")
    .option("--key <file>", "public key, PEM (default: stacks/<environment>/evidence.pub; of a rehearsal its own)")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--json", "print what was found as JSON")
    .addHelpText("after", "\nExit codes: 0 sound · 1 altered, missing or not signed")
    .action(async (path: string, options: object) => {
      const { verify } = await import("../evidence/verify-command");
      process.exitCode = verify(path, options);
    });
  evidence
    .command("key")
    .description("draw the pair of keys that signs an environment's evidence")
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .option("--out <file>", "file of the private half, sealed (default: the one that CLOISTER_EVIDENCE_KEY names)")
    .option("--replace", "put a new pair in the place of one that is there")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--json", "print the key's name and files as JSON")
    .action(async (environment: string, options: object) => {
      const { makeKey } = await import("../evidence/make-key");
      process.exitCode = await makeKey(environment, options);
    });

  program
    .command("export")
    .description(
      "write an environment's Kubernetes objects, or its policy documents, as other people's scanners read them",
    )
    .argument("<environment>", "one of the files in stacks/, without .yaml")
    .addOption(new Option("--kubernetes", "every Kubernetes object, as one YAML file").conflicts("policies"))
    .option("--policies", "every policy document of AWS, as a folder of JSON files")
    .requiredOption("--out <path>", "the file, or the folder")
    .addOption(
      new Option("--deployed", "what stands by the state, instead of what a preview would make").conflicts("rehearsed"),
    )
    .option("--rehearsed", "from the environment's last rehearsal")
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--state <path>", "with --rehearsed: folder in which rehearsals keep their files")
    .option("--json", "print what was written as JSON")
    .action(async (environment: string, options: { out: string }) => {
      const { exportEnvironment } = await import("../export/command");
      process.exitCode = await exportEnvironment(environment, options);
    });
}
