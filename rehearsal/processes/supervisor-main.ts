/** The program that owns the servers of one rehearsal: `supervisor-main.ts <directory> <owner pid>`, over an IPC channel. */
import { join } from "node:path";
import { identify } from "./process-identity";
import { type ProcessTable, writeProcessTable } from "./process-table";
import type { Reply, Request } from "./server-specification";
import { SupervisedServer } from "./supervised-server";

const [directory, ownerPid] = process.argv.slice(2);
const self = identify(process.pid);
const owner = identify(Number(ownerPid));
if (directory === undefined || self === undefined || owner === undefined || process.send === undefined) {
  throw new Error("The supervisor is started by a rehearsal, not by hand.");
}

const servers: SupervisedServer[] = [];
let table: ProcessTable = { supervisor: self, owner, keep: false, processes: [] };
let stopping: Promise<void> | undefined;

function record(change: Partial<ProcessTable>): void {
  table = { ...table, ...change };
  writeProcessTable(directory!, table);
}

function reply(message: Reply): void {
  // The channel may close between the test and the call: nobody is left to tell then.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function start(id: number, request: Extract<Request, { kind: "start" }>): Promise<void> {
  const { specification } = request;
  const { name, command, args } = specification;
  const log = join(directory!, "logs", `${name}.log`);
  if (stopping !== undefined) {
    const reason = `${name} was not started: the rehearsal is ending`;
    return reply({ kind: "failed", id, failure: { name, reason, log, logTail: "" } });
  }
  let starting = true;
  record({ starting: [command, ...args] });
  const server = new SupervisedServer(specification, log, () => {
    if (starting || stopping !== undefined || specification.essential === false) return;
    const failure = server.failure();
    reply({ kind: "died", failure });
    leave(`${failure.reason}\n${failure.logTail}`);
  });
  servers.push(server);
  record({ processes: servers.flatMap(({ record: entry }) => entry ?? []), starting: undefined });
  const result = await server.ready();
  // One that never became ready is its caller's to judge: it is ended, and the others go on.
  if ("reason" in result) {
    await server.stop();
    return reply({ kind: "failed", id, failure: result });
  }
  starting = false;
  reply({ kind: "done", id, value: result });
}

/** Ends all servers, last started first, then this process. Safe to call again. */
function stop(reason: string): Promise<void> {
  return (stopping ??= (async () => {
    for (const server of [...servers].reverse()) await server.stop();
    record({ processes: [], ended: { at: new Date().toISOString(), reason } });
  })());
}

function leave(reason: string): void {
  void stop(reason).then(() => process.exit(0));
}

function keep(id: number, hours: number): void {
  const stopsAt = new Date(Date.now() + hours * 3_600_000).toISOString();
  record({ keep: true, stopsAt });
  setTimeout(() => leave(`Its time to live, ${hours} hours, ended.`), hours * 3_600_000);
  reply({ kind: "done", id, value: stopsAt });
}

process.on("message", (request: Request) => {
  if (request.kind === "start") void start(request.id, request);
  else if (request.kind === "keep") keep(request.id, request.hours);
  else void stop("It was told to stop.").then(() => reply({ kind: "done", id: request.id }));
});
process.on("disconnect", () => {
  if (stopping !== undefined || !table.keep) leave("The command that started it went away.");
});
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => leave(`It got ${signal}.`));

record({});
reply({ kind: "ready" });
