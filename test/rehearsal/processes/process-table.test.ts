import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePorts } from "../../../rehearsal/processes/free-ports";
import { gone, identify, lives } from "../../../rehearsal/processes/process-identity";
import { readProcessTable, reap, tablePath, writeProcessTable } from "../../../rehearsal/processes/process-table";

let directory: string;
let child: ReturnType<typeof spawn>;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cloister-table-"));
  child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], { stdio: "ignore" });
});

afterEach(() => {
  child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

/** A table that a killed run left: its supervisor and owner are gone. */
function leave(...processes: { pid: number; started: string }[]): void {
  const dead = { pid: 2 ** 30, started: "never" };
  const entry = { name: "left", command: "/bin/left", args: [], graceSeconds: 1, log: "left.log" };
  writeProcessTable(directory, {
    supervisor: dead,
    owner: dead,
    keep: false,
    processes: processes.map((identity) => ({ ...entry, ...identity })),
  });
}

describe("reap", () => {
  it("ends a recorded process that still lives", async () => {
    const identity = identify(child.pid!)!;
    leave(identity);
    expect(await reap(directory)).toEqual(["left"]);
    expect(await gone(identity, 0)).toBe(true);
  });

  it("never touches a pid that another program bears by now", async () => {
    const identity = identify(child.pid!)!;
    leave({ pid: identity.pid, started: "an earlier start" });
    expect(await reap(directory)).toEqual([]);
    expect(lives(identity)).toBe(true);
  });

  it("ends a server that was started but not yet recorded", async () => {
    const words = [process.execPath, "-e", `setInterval(() => ${JSON.stringify(directory)}, 1000)`];
    const unrecorded = spawn(words[0]!, words.slice(1), { stdio: "ignore" });
    const identity = identify(unrecorded.pid!)!;
    leave();
    writeProcessTable(directory, { ...readProcessTable(directory)!, starting: words });
    await reap(directory);
    expect(await gone(identity, 0)).toBe(true);
    expect(lives(identify(child.pid!)!)).toBe(true);
  });

  it("takes a missing or torn table for none", async () => {
    expect(await reap(directory)).toEqual([]);
    writeFileSync(tablePath(directory), '{"supervisor": {"pi');
    expect(await reap(directory)).toEqual([]);
    expect(readProcessTable(directory)).toBeUndefined();
  });
});

describe("freePorts", () => {
  it("gives distinct ports, and the same ones again", async () => {
    const first = await freePorts(directory, ["a", "b", "c"]);
    expect(new Set(Object.values(first)).size).toBe(3);
    expect(await freePorts(directory, ["a", "b", "c"])).toEqual(first);
  });

  it("moves a port that another program has taken, and remembers the new one", async () => {
    const first = await freePorts(directory, ["a", "b"]);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(first.a, "127.0.0.1", resolve));
    const second = await freePorts(directory, ["a", "b"]);
    await new Promise((resolve) => other.close(resolve));
    expect(second.a).not.toBe(first.a);
    expect(second.b).toBe(first.b);
    expect(await freePorts(directory, ["a"])).toEqual({ a: second.a });
  });
});
