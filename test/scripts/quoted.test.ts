import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { quoted } from "../../scripts/quoted";

it("is one word to a shell, whatever is in it", () => {
  const words = ["/tmp/plain", "/tmp/k c/x", "it's", "$(id)", 'a"b', ""];
  const told = execFileSync("sh", ["-c", `printf '%s\\n' ${words.map(quoted).join(" ")}`], { encoding: "utf8" });
  expect(told).toBe(words.map((word) => `${word}\n`).join(""));
  expect(quoted("/tmp/plain")).toBe("/tmp/plain");
});
