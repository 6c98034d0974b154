import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { freePorts } from "../../../rehearsal/processes/free-ports";

const directory = mkdtempSync(join(tmpdir(), "cloister-ports-"));
afterAll(() => rmSync(directory, { recursive: true }));

it("gives each name a port of its own, below those that connections are given while a server starts", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `server-${index}`);
  const ports = Object.values(await freePorts(directory, names));
  expect(new Set(ports).size).toBe(names.length);
  expect(ports.filter((port) => port < 20_000 || port >= 30_000)).toEqual([]);
});

it("gives the same again, and another where one was taken meanwhile", async () => {
  const first = await freePorts(directory, ["kept", "taken"]);
  const squatter = createServer();
  await new Promise<void>((listening) => squatter.listen(first.taken, "127.0.0.1", listening));
  const second = await freePorts(directory, ["kept", "taken"]);
  await new Promise((closed) => squatter.close(closed));
  expect(second.kept).toBe(first.kept);
  expect(second.taken).not.toBe(first.taken);
});
