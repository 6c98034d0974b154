import { join } from "node:path";
import { runLogged } from "../../../rehearsal/setup/command";

const directory = process.argv[2] ?? "";

/** Runs a shell with a child of its own, says that child's number, and waits: a test interrupts it there. */
const script = `${process.execPath} -e 'console.log(process.pid); setInterval(() => 0, 1000)'; true`;
void runLogged("/bin/sh", ["-c", script], {
  cwd: directory,
  environment: {},
  log: join(directory, "it.log"),
  onLine: (pid) => process.stdout.write(`${pid}\n`),
});
