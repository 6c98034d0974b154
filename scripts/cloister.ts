import { Command, Option } from "commander";
import { version } from "../package.json";
import { tellError } from "./tell";

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
    const { rehearse } = await import("./rehearse/command");
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
    const { up } = await import("./up/command");
    process.exitCode = await up(environment, options);
  });

program
  .command("waive")
  .description("accept a failure of the last run for a while; alone, it lists what failed and what of it can be waived")
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
    const { waive } = await import("./waive/command");
    process.exitCode = waive(environment, options);
  });

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
    const command = await import("./evidence/command");
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
    const { verify } = await import("./evidence/verify-command");
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
    const { makeKey } = await import("./evidence/make-key");
    process.exitCode = await makeKey(environment, options);
  });

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
    const { bootMedia } = await import("./boot-media/command");
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
    const { kubeconfig } = await import("./kubeconfig/command");
    process.exitCode = await kubeconfig(environment, options);
  });

program
  .command("pki")
  .description("hold the offline ceremony: each circle of trust gets an intermediate, signed by its own root")
  .argument("<environment>")
  .requiredOption("--roots <file>", "file of the sealed roots; made where it is not there")
  .action(async (environment: string, options: { roots: string }) => {
    const { pki } = await import("./pki/command");
    process.exitCode = await pki(environment, options);
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
      const command = await import("./images/command");
      process.exitCode = await command.images(verb, environment, options);
    });
}

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
    const { exportEnvironment } = await import("./export/command");
    process.exitCode = await exportEnvironment(environment, options);
  });

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
    const { plan } = await import("./plan/command");
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
    const { ciPreview } = await import("./ci-preview/command");
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
    const { mutate } = await import("./mutate/command");
    process.exitCode = await mutate(environments, options);
  });

program
  .command("lab")
  .description(
    "start the platform on this machine: the real door, guard and ledger, in front of a stand-in for the models",
  )
  .argument("[environment]", "one of the files in stacks/, without .yaml", "on-prem")
  .option("--check", "ask one question through the door, and end")
  .option("--folder <path>", "folder of the environment files (default: stacks)")
  .option("--json", "print what runs, and how to ask, as JSON; progress goes to standard error")
  .action(async (environment: string, options: object) => {
    const { lab } = await import("./lab/command");
    process.exitCode = await lab(environment, options);
  });

const ledger = program.command("ledger").description("the record of every request: see that it is whole, and read it");
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
    const { verify } = await import("./ledger/command");
    process.exitCode = await verify(options);
  },
);
period(ledgerSource(ledger.command("show").description("print the last records, and whether all of them are sound")))
  .option("--last <count>", "how many", "20")
  .action(async (options: object) => {
    const { show } = await import("./ledger/command");
    process.exitCode = await show(options);
  });
period(ledgerSource(ledger.command("export").description("write the records of a person or a period, with the proof")))
  .option("--person <name>", "as the issuer names them; needs the ledger's keys of subjects")
  .option("--subjects <folders...>", "folders of those keys (default, with --lab: the lab's)")
  .requiredOption("--out <file>", "the file")
  .action(async (options: { out: string }) => {
    const { exportRecords } = await import("./ledger/command");
    process.exitCode = await exportRecords(options);
  });
const recording = (command: Command): Command =>
  ledgerSource(command)
    .option(
      "--ledger <urls...>",
      "replicas of the ledger, such as https://127.0.0.1:8447 (default, with --lab: the lab's)",
    )
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
    const { recordCageAccess } = await import("./ledger/record");
    process.exitCode = await recordCageAccess(options);
  });
recording(record.command("trail-digests").description("the digests that CloudTrail laid into the audit bucket")).action(
  async (options: object) => {
    const { recordTrailDigests } = await import("./ledger/record");
    process.exitCode = await recordTrailDigests(options);
  },
);

program
  .command("flows")
  .description("show who may talk to whom")
  .option("--json", "print the table as JSON")
  .action(async (options: { json?: boolean }) => {
    const { printFlows } = await import("./flows");
    printFlows(options.json === true);
  });

program
  .command("schema")
  .description("write the JSON Schema by which editors check environment files")
  .action(async () => {
    const { writeEnvironmentSchema } = await import("./schema");
    process.stdout.write(`Wrote ${writeEnvironmentSchema()}.\n`);
  });

program
  .command("guide")
  .description("write an environment's guide: what stands, a picture of its network, and how it is brought up and run")
  .argument("<environment>", "one of the files in stacks/, without .yaml")
  .option("--folder <path>", "folder of the environment files (default: stacks)")
  .action(async (environment: string, options: { folder?: string }) => {
    const { writeGuide } = await import("./guide/command");
    process.stdout.write(`Wrote ${writeGuide(environment, options.folder)}.\n`);
  });

program
  .command("docs")
  .description("write the generated pages of docs/ anew, after a change to what they describe")
  .action(async () => {
    const { writeDocumentation } = await import("./docs/command");
    await writeDocumentation();
  });

program.parseAsync().catch((error: unknown) => {
  tellError(error, process.argv.includes("--json"));
  process.exitCode = 1;
});
