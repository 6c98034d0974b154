import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { PrivateEventLog } from "../../../scripts/engine/private-event-log";

const message = (severity: string, text: string) =>
  `${JSON.stringify({ diagnosticEvent: { severity, message: text } })}\n`;

test("only its owner reads it, and what is kept is without debugging messages", () => {
  const folder = mkdtempSync(join(tmpdir(), "cloister-kept-"));
  const log = new PrivateEventLog();
  writeFileSync(log.path, message("debug", "a key in clear") + message("error", "told"));
  expect(statSync(dirname(log.path)).mode & 0o077).toBe(0);
  const kept = join(folder, "events.jsonl");
  expect(log.keep(kept).map((event) => event.diagnosticEvent?.message)).toEqual(["told"]);
  expect(readFileSync(kept, "utf8")).not.toContain("a key in clear");
  expect(statSync(kept).mode & 0o077).toBe(0);
  log.remove();
  expect(existsSync(dirname(log.path))).toBe(false);
  rmSync(folder, { recursive: true });
});

test("what a killed run left is swept by the next, what a living one has is not", () => {
  const first = new PrivateEventLog();
  // No process has this number: Linux gives at most 2^22 of them.
  const left = join(dirname(dirname(first.path)), "cloister-events-99999999-killed");
  mkdirSync(left, { recursive: true });
  const second = new PrivateEventLog();
  expect([existsSync(left), existsSync(dirname(first.path))]).toEqual([false, true]);
  first.remove();
  second.remove();
});
