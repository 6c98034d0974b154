import { join } from "node:path";
import Table from "cli-table3";
import pc from "picocolors";
import type { Environment } from "../../stacks/environment";
import { here, labPerson, questions } from "./client-files";
import type { RunningLab } from "./running-lab";

/** What stands beside the platform, however its services run. */
const beside = [
  ["object store", "beside the platform", "versitygw, a real S3 server with object lock"],
  [
    "identity provider",
    "beside the platform",
    "a stand-in for the company's: a real OpenID provider, people log in by name",
  ],
];

/** What a machine reads of a lab that is up. */
export function labSummary(environment: Environment, lab: RunningLab): object {
  const asked = questions(environment, lab);
  return {
    runsAs: lab.kind,
    compose: here(join(lab.directory, "compose.yaml")),
    doors: lab.doors,
    issuer: lab.ground.provider.issuer,
    services: lab.rows,
    differences: lab.composed.differences,
    curl: asked["chat"]?.command,
    ask: Object.fromEntries(Object.entries(asked).map(([name, { command }]) => [name, command])),
  };
}

/** What a person reads: what runs as what, what to ask, where the record is. */
export function labGuide(environment: Environment, lab: RunningLab, notes: readonly string[]): string {
  const table = new Table({ head: ["service", "pod", "runs as"], style: { head: [], border: [] }, wordWrap: true });
  table.options.colWidths = [20, 28, 60];
  for (const { name, pod, runsAs } of lab.rows) table.push([name, pod, runsAs]);
  table.push(...beside);
  const file = here(join(lab.directory, "compose.yaml"));
  return [
    "",
    table.toString(),
    "",
    ...notes,
    `Composition  ${file} (${lab.composed.differences.length} differences to the cluster, each with its reason: \`--json\`)`,
    "",
    `${pc.bold("Ask")}, as ${labPerson}, in another terminal; each line can be pasted as it is:`,
    "",
    ...Object.values(questions(environment, lab)).flatMap(({ title, command }) => [pc.dim(`# ${title}`), command, ""]),
    `${pc.bold("Then")} see that it is on the record, and that the record is whole:`,
    "",
    `npm run cloister -- ledger show --lab ${environment.name} --last 4`,
    `npm run cloister -- ledger verify --lab ${environment.name}`,
    "",
    "Ctrl-C ends the lab.",
    "",
  ].join("\n");
}
