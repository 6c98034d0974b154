import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runLogged } from "../../../rehearsal/setup/command";
import { processStart } from "../../../rehearsal/setup/owner-lock";
import { temporaryDirectory } from "./fixtures";

const shell = (script: string, directory: string, onLine?: (line: string) => void) =>
  runLogged("/bin/sh", ["-c", script], {
    cwd: directory,
    environment: {},
    log: join(directory, "logs/it.log"),
    onLine,
  });

test("both outputs go to the log, and the last lines come back", async () => {
  const directory = temporaryDirectory();
  const lines: string[] = [];
  const script = "i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo line $i; done; printf 'no newline' >&2; exit 3";
  const { exitCode, tail } = await shell(script, directory, (line) => lines.push(line));
  expect(exitCode).toBe(3);
  expect(tail.split("\n")).toHaveLength(15);
  expect(tail).toContain("no newline");
  expect(lines).toHaveLength(41);
  expect(readFileSync(join(directory, "logs/it.log"), "utf8")).toContain("line 1\n");
});

test("a command that is not there is an error", async () => {
  const directory = temporaryDirectory();
  const options = { cwd: directory, environment: {}, log: join(directory, "it.log") };
  await expect(runLogged(join(directory, "none"), [], options)).rejects.toThrow("ENOENT");
});

test("an interrupted set-up takes its compilers with it, grandchildren too", async () => {
  const directory = temporaryDirectory();
  const parent = spawn(process.execPath, ["--import", "tsx", join(__dirname, "run-until-killed.ts"), directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(parent.stdout, "data")) as [Buffer];
  const grandchild = Number(said.toString());
  expect(processStart(grandchild)).toBeDefined();
  parent.kill("SIGTERM");
  const [, signal] = (await once(parent, "exit")) as [number | null, string];
  expect(signal).toBe("SIGTERM");
  try {
    await vi.waitFor(() => expect(processStart(grandchild)).toBeUndefined(), { timeout: 5000 });
  } finally {
    // Where the set-up failed to end it, the test does not leave it behind.
    if (processStart(grandchild) !== undefined) process.kill(grandchild);
  }
});
