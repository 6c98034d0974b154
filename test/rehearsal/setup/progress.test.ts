import { expect, test } from "vitest";
import { clock, stepLine, StreamProgress } from "../../../rehearsal/setup/progress";

class Sink {
  text = "";
  constructor(
    readonly isTTY: boolean,
    readonly columns = 40,
  ) {}
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

const on = (sink: Sink) => new StreamProgress(sink as unknown as NodeJS.WriteStream);

test.each([
  [0, "0:00"],
  [7.4, "0:07"],
  [59.6, "1:00"],
  [130, "2:10"],
  [3730, "1:02:10"],
])("%d seconds are shown as %s", (seconds, shown) => {
  expect(clock(seconds)).toBe(shown);
});

test("a line says what, for how long, and how long it took last time", () => {
  const line = stepLine("building the engine", 130, "213 modules fetched", {
    estimate: { seconds: 180, source: "last time" },
  });
  expect(line).toBe("building the engine, 2:10 of about 3:00 last time (213 modules fetched)");
});

test("a first estimate does not claim a last time", () => {
  expect(stepLine("x", 1, "", { estimate: { seconds: 60, source: "first estimate" } })).toBe("x, 0:01 of about 1:00");
});

test("without a terminal there are whole lines and no control characters", async () => {
  const sink = new Sink(false);
  await expect(on(sink).step("building it", () => Promise.resolve(7))).resolves.toBe(7);
  expect(sink.text).toMatch(/^ {2}building it, 0:00\n.*✔.* building it, 0:00\n$/);
  expect(sink.text).not.toContain("\r");
});

test("at a terminal one line is redrawn and never wraps", async () => {
  const sink = new Sink(true);
  await on(sink).step("a".repeat(100), () => Promise.resolve());
  expect(sink.text.split("\r\x1b[K")[1]).toHaveLength(39);
});

test("a step that fails is shown as failed, and its error goes on", async () => {
  const sink = new Sink(false);
  await expect(on(sink).step("building it", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(sink.text).toContain("✖");
});
