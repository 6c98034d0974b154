import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { processStart, withOwnerLock } from "../../../rehearsal/setup/owner-lock";
import { temporaryDirectory, write } from "./fixtures";

const lockPath = () => join(temporaryDirectory(), "deep/.lock");
const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;

test("the lock is there while the work runs, and gone afterwards, even when it fails", async () => {
  const path = lockPath();
  await expect(withOwnerLock(path, () => Promise.resolve(existsSync(path)))).resolves.toBe(true);
  expect(existsSync(path)).toBe(false);
  await expect(withOwnerLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(path)).toBe(false);
});

test.each([
  ["whose process is gone", () => JSON.stringify({ pid: deadPid(), started: "1" })],
  ["whose number another process now has", () => JSON.stringify({ pid: process.pid, started: "another boot:1" })],
  ["that is no lock of ours", () => "{"],
])("a lock %s is taken over", async (_why, contents) => {
  const path = write(lockPath(), contents());
  await expect(withOwnerLock(path, () => Promise.resolve("done"))).resolves.toBe("done");
});

test("a living owner is waited for, and named once", async () => {
  const path = lockPath();
  const onWait = vi.fn();
  const order: string[] = [];
  let release = () => undefined as void;
  const first = withOwnerLock(path, async () => {
    await new Promise<void>((settle) => (release = settle));
    order.push("first");
  });
  const second = withOwnerLock(path, () => Promise.resolve(order.push("second")), { onWait });
  await vi.waitFor(() => expect(onWait).toHaveBeenCalledWith(process.pid));
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "second"]);
  expect(onWait).toHaveBeenCalledTimes(1);
});

test("only a living process has a start", () => {
  expect(processStart(process.pid)).toBeTruthy();
  expect(processStart(deadPid())).toBeUndefined();
});

test("two processes never work at the same time", async () => {
  const path = lockPath();
  const module = require.resolve("../../../rehearsal/setup/owner-lock.js");
  const script = `
    const { withOwnerLock } = require(${JSON.stringify(module)});
    const { openSync, rmSync } = require("node:fs");
    const alone = ${JSON.stringify(`${path}.alone`)};
    (async () => {
      for (let turn = 0; turn < 5; turn += 1)
        await withOwnerLock(${JSON.stringify(path)}, async () => {
          openSync(alone, "wx");
          await new Promise((settle) => setTimeout(settle, 5));
          rmSync(alone);
        });
    })().catch(() => process.exit(1));`;
  const codes = await Promise.all(
    [1, 2].map(() => new Promise((settle) => spawn(process.execPath, ["-e", script]).once("exit", settle))),
  );
  expect(codes).toEqual([0, 0]);
});

test("what a killed owner left running is ended, with its group, before the next one works", async () => {
  const path = lockPath();
  const module = JSON.stringify(require.resolve("../../../rehearsal/setup/owner-lock.js"));
  const script = `
    require(${module}).withOwnerLock(${JSON.stringify(path)}, async (adopt) => {
      const child = require("node:child_process").spawn("/bin/sh", ["-c", "sleep 1000; true"], { detached: true });
      adopt(child.pid);
      console.log(child.pid);
      await new Promise((settle) => setTimeout(settle, 1e6));
    });`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(parent.stdout, "data")) as [Buffer];
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const orphan = Number(said.toString());
  expect(processStart(orphan)).toBeDefined();
  await withOwnerLock(path, () => Promise.resolve());
  await vi.waitFor(() => expect(processStart(orphan)).toBeUndefined());
});
