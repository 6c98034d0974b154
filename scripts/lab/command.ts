import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { spawnSync } from "node:child_process";
import Table from "cli-table3";
import pc from "picocolors";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import { readEnvironment } from "../../stacks/environment";
import { labFolder, type LabFiles } from "../ledger/sources";
import { Lab } from "./lab";

export interface LabCommandOptions {
  readonly json?: boolean;
  /** Ask one question, verify the record, and end. */
  readonly check?: boolean;
  readonly folder?: string;
}

/** A token lives five minutes: a fresh one lies in its file all the time. */
const refreshMilliseconds = 240_000;

/** `lab [environment]`: starts it, says how to ask, and stays until it is told to end. @returns the exit code. */
export async function lab(name: string, options: LabCommandOptions): Promise<number> {
  const environment = readEnvironment(name, options.folder);
  const progress = new StreamProgress();
  const toolbox = await prepareToolbox(["envoy", "versitygw", "collector"], progress);
  const running = await Lab.start({ environment, directory: labFolder(name), toolbox, progress });
  const client = environment.platform.door.clients[0]?.name ?? "";
  const token = writeClient(running, client);
  const write = async (): Promise<void> => void writePrivateFile(token, await running.token(client, person));
  await write();
  const timer = setInterval(() => void write(), refreshMilliseconds);
  writeLedgerFiles(running, name);
  const curl = curlOf(running, token);
  if (options.json === true) process.stdout.write(`${JSON.stringify(summaryOf(running, curl), null, 2)}\n`);
  else process.stdout.write(told(running, curl, name));
  if (options.check === true) {
    const code = spawnSync("sh", ["-c", curl], { stdio: "inherit" }).status ?? 1;
    clearInterval(timer);
    await running.stop();
    return code;
  }
  await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  clearInterval(timer);
  process.stderr.write("\nEnding the lab.\n");
  await running.stop();
  return 0;
}

const person = "ada@example.com";
const here = (path: string): string => relative(process.cwd(), path);

/** What an application of the company would have: its certificate, whom it trusts, and a token of a person. */
function writeClient(running: Lab, client: string): string {
  const folder = join(running.options.directory, "client");
  const { chain, privateKey } = running.client(client);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writePrivateFile(join(folder, "certificate.pem"), chain);
  writePrivateFile(join(folder, "key.pem"), privateKey);
  writeFileSync(join(folder, "authority.pem"), running.authority);
  return join(folder, "token");
}

function writeLedgerFiles(running: Lab, name: string): void {
  const { options, store, substrate } = running;
  const { directory } = options;
  const client = join(directory, "client");
  const { chain, privateKey } = substrate.certificate("recorder");
  writePrivateFile(join(client, "recorder.pem"), chain);
  writePrivateFile(join(client, "recorder-key.pem"), privateKey);
  const roots = readdirSync(join(directory, "pods")).filter((pod) => pod.startsWith("audit-ledger-"));
  const files: LabFiles = {
    bucket: substrate.facts.objectStore.buckets.audit,
    region: store.region,
    endpoint: store.endpoint,
    credentials: store.credentialsPath,
    authority: join(client, "authority.pem"),
    witnesses: roots.map((pod) => join(directory, "pods", pod, "data", "witness.ndjson")),
    ledgers: running.processesOf("ledger").map(({ ports }) => `https://127.0.0.1:${ports[8447] ?? 0}`),
    recorder: { certificate: join(client, "recorder.pem"), key: join(client, "recorder-key.pem") },
    subjects: roots.map((pod) => join(directory, "pods", pod, "data", "subjects")),
  };
  writePrivateFile(join(labFolder(name), "ledger.json"), JSON.stringify(files, null, 2));
}

function curlOf({ options, doors }: Lab, token: string): string {
  const { host } = options.environment.platform.door;
  const [model] = options.environment.platform.models;
  const folder = here(join(options.directory, "client"));
  const port = doors[0] ?? 0;
  const body = JSON.stringify({
    model: model?.name,
    stream: true,
    messages: [
      { role: "user", content: "say: Good morning. Charge 4111 1111 1111 1111, and write to ada@example.com." },
    ],
    max_tokens: 64,
  });
  return [
    `curl -sS --no-buffer --cacert ${folder}/authority.pem --cert ${folder}/certificate.pem --key ${folder}/key.pem`,
    `  --resolve ${host}:${port}:127.0.0.1 https://${host}:${port}/v1/chat/completions`,
    `  -H "authorization: Bearer $(cat ${here(token)})" -H 'content-type: application/json'`,
    `  -d '${body}'`,
  ].join(" \\\n");
}

const summaryOf = (running: Lab, curl: string): object => ({
  compose: here(join(running.options.directory, "compose.yaml")),
  doors: running.doors,
  issuer: running.provider.issuer,
  services: running.services.map(({ name, pod, runsAs, process: own }) => ({
    name,
    pod,
    runsAs,
    started: own !== undefined,
  })),
  differences: running.composed.differences.length,
  curl,
});

function engineNote(): string[] {
  const found = ["docker", "podman"].find(
    (name) => spawnSync(name, ["compose", "version"], { stdio: "ignore" }).status === 0,
  );
  if (found === undefined)
    return ["No container engine with `compose` is here, so the services run as plain processes."];
  return [
    `${found} is here. The services run as plain processes all the same: starting the composition is not built yet.`,
  ];
}

function told(running: Lab, curl: string, name: string): string {
  const table = new Table({ head: ["service", "pod", "runs as"], style: { head: [], border: [] }, wordWrap: true });
  table.options.colWidths = [20, 26, 62];
  for (const { name: service, pod, runsAs } of running.services) table.push([service, pod, runsAs]);
  const beside = [
    ["object store", "beside the platform", "versitygw, a real S3 server with object lock"],
    [
      "identity provider",
      "beside the platform",
      "a stand-in for the company's: a real OpenID provider, people log in by name",
    ],
  ];
  table.push(...beside);
  const file = here(join(running.options.directory, "compose.yaml"));
  return [
    "",
    table.toString(),
    "",
    ...engineNote(),
    `Composition  ${file} (${running.composed.differences.length} differences to the cluster, each with its reason: \`--json\`)`,
    "",
    `${pc.bold("Ask")} as ada@example.com, through the door:`,
    "",
    curl,
    "",
    `${pc.bold("Then")} see that it is on the record, and that the record is whole:`,
    "",
    `npm run cloister -- ledger show --lab ${name}`,
    `npm run cloister -- ledger verify --lab ${name}`,
    "",
    "Ctrl-C ends the lab.",
    "",
  ].join("\n");
}
