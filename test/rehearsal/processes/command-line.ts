/** A stand-in command line for the tests: starts one echoing server under a supervisor, prints its pid, then waits. */
import { freePorts } from "../../../rehearsal/processes/free-ports";
import { readProcessTable } from "../../../rehearsal/processes/process-table";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import { httpServer } from "./servers";

async function main(directory: string, mode: string): Promise<void> {
  const supervisor = await Supervisor.start(directory);
  const { echo } = await freePorts(directory, ["echo"]);
  const { pid } = await supervisor.startServer(httpServer("echo", echo));
  const hours = mode === "keep" ? 1 : 1 / 3600;
  if (mode !== "wait") await supervisor.keep(hours);
  console.log(
    JSON.stringify({ pid, supervisor: readProcessTable(directory)?.supervisor.pid, reaped: supervisor.reaped }),
  );
  if (mode === "wait") setInterval(() => undefined, 1000);
}

void main(process.argv[2]!, process.argv[3]!);
