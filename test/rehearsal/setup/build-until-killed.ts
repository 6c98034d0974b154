import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ToolCache } from "../../../rehearsal/setup/tool-cache";

/** A build that says when it is half-way, and never goes on: a test kills it there. */
void new ToolCache(process.argv[2] ?? "").publish("etcd", "k", (directory) => {
  writeFileSync(join(directory, "tool"), "ha");
  process.stdout.write("half-way\n");
  return new Promise(() => setInterval(() => undefined, 1000));
});
