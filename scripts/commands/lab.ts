import { InvalidArgumentError, Option, type Command } from "commander";

const labHelp = `
It stays until Ctrl-C. While it is up, its own guide says what to ask; the record is read with \`ledger --lab <environment>\`.
Files lie in .cloister/lab/<environment>: logs/, compose.yaml, and what an application has in client/.

Exit codes: 0 ended as asked, every trial of --check passed · 1 a mistake, or a trial failed`;

/** The next port is the second pod's. */
function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_534) throw new InvalidArgumentError("A number from 1 to 65534.");
  return port;
}

/** Registers the lab, and what reads the record of requests. */
export function registerLab(program: Command): void {
  program
    .command("lab")
    .description(
      "start the platform on this machine: the real door, guard and ledger, in front of a stand-in for the models",
    )
    .argument("[environment]", "one of the files in stacks/, without .yaml", "on-prem")
    .option("--check", "try what its guide says, see that the record and the metrics are whole, and end")
    .option("--down", "end the lab that is up, whoever started it, and what a killed one left")
    .addOption(
      new Option(
        "--as <kind>",
        "how the services run (default: containers where an engine answers and the images are locked, else processes)",
      ).choices(["processes", "containers"]),
    )
    .option("--registry <host>", "with containers: registry of the locked images (default: the environment's)")
    .option("--port <number>", "port on 127.0.0.1 of the door's first pod; the second has the next one", portNumber)
    .addOption(
      new Option("--with <part>", "start besides: `registry`, MLflow, which is brought from PyPI").choices([
        "registry",
      ]),
    )
    .option("--folder <path>", "folder of the environment files (default: stacks)")
    .option("--json", "print what runs, and how to ask, as JSON; progress goes to standard error")
    .addHelpText("after", labHelp)
    .action(async (environment: string, options: object) => {
      const { lab } = await import("../lab/command");
      process.exitCode = await lab(environment, options);
    });

  const ledger = program
    .command("ledger")
    .description("the record of every request: see that it is whole, and read it");
  const ledgerSource = (command: Command): Command =>
    command
      .option("--lab <environment>", "the ledger of a lab on this machine")
      .option("--copy <folder>", "a copy of the bucket; no network is needed")
      .option("--bucket <name>", "the audit bucket")
      .option("--region <name>", "its region")
      .option("--endpoint <url>", "its store, where that is not Amazon's")
      .option("--authority <file>", "PEM of the services' root, whose word counts")
      .option("--witness <files...>", "heads that were kept elsewhere: they show whether the end is missing")
      .option("--json", "print what was found as JSON")
      .addHelpText("after", "\nExit codes: 0 sound · 1 invalid, gap or missing");
  const period = (command: Command): Command =>
    command
      .option("--from <time>", "RFC 3339, such as 2026-11-01 or 2026-11-01T12:00:00Z")
      .option("--to <time>", "RFC 3339")
      .option("--kind <kind>", "such as request.asked")
      .option("--subject <pseudonyms...>", "pseudonyms of a person");
  ledgerSource(ledger.command("verify").description("see that nothing of it was altered, taken out or put in")).action(
    async (options: object) => {
      const { verify } = await import("../ledger/command");
      process.exitCode = await verify(options);
    },
  );
  period(ledgerSource(ledger.command("show").description("print the last records, and whether all of them are sound")))
    .option("--last <count>", "how many", "20")
    .action(async (options: object) => {
      const { show } = await import("../ledger/command");
      process.exitCode = await show(options);
    });
  period(
    ledgerSource(ledger.command("export").description("write the records of a person or a period, with the proof")),
  )
    .option("--person <name>", "as the issuer names them; needs the ledger's keys of subjects")
    .option("--subjects <folders...>", "folders of those keys (default, with --lab: the lab's)")
    .requiredOption("--out <file>", "the file")
    .action(async (options: { out: string }) => {
      const { exportRecords } = await import("../ledger/command");
      process.exitCode = await exportRecords(options);
    });

  const recording = (command: Command): Command =>
    ledgerSource(command)
      .option("--ledger <urls...>", "replicas of the ledger, such as https://127.0.0.1:8447 (with --lab: the lab's)")
      .option("--certificate <file>", "PEM of the certificate `recorder`, with its intermediate")
      .option("--key <file>", "PEM of its key");
  const record = ledger
    .command("record")
    .description("put on the record what no system brings; what is there already is left out");
  recording(record.command("cage-access").description("who entered and left a cage, as the building writes it down"))
    .requiredOption("--file <path>", "the building's records")
    .requiredOption("--site <name>", "the site, as the environment names it")
    .addOption(new Option("--format <format>", "of the file").choices(["csv", "json-lines"]).default("csv"))
    .action(async (options: { file: string; site: string; format: "csv" | "json-lines" }) => {
      const { recordCageAccess } = await import("../ledger/record");
      process.exitCode = await recordCageAccess(options);
    });
  recording(
    record.command("trail-digests").description("the digests that CloudTrail laid into the audit bucket"),
  ).action(async (options: object) => {
    const { recordTrailDigests } = await import("../ledger/record");
    process.exitCode = await recordTrailDigests(options);
  });
}
