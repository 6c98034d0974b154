import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { plan } from "../../../scripts/plan/command";
import { planCosts } from "../../../scripts/plan/model/cost-plan";
import { planPage } from "../../../scripts/plan/page";
import { parsePrices } from "../../../scripts/plan/prices/read-prices";
import { assumptionMark } from "../../../scripts/plan/table";
import { readEnvironment } from "../../../stacks/environment";

const root = mkdtempSync(join(tmpdir(), "cloister-plan-"));
let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(root, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(root, "prices.yaml");
  writeFileSync(path, text);
  return path;
};
const quote = (amount: number) =>
  `{ amount: ${amount}, currency: USD, asOf: 2026-11-20, source: offer 4711 of Example Servers, basis: quote }`;

describe("plan", () => {
  test.each(["on-prem", "colocation", "private-cloud"])(
    "answers for %s in its first line, and writes a page",
    (name) => {
      expect(plan(name, { state: root })).toBe(0);
      const [answer] = printed.split("\n");
      expect(answer).toMatch(
        / is the cheapest over 36 months, at USD [\d,]+ \(\d+ % of that sum rests on assumptions\); .*break/,
      );
      expect(printed).toContain(`hardware.server: ${assumptionMark}`);
      const page = join(root, name, "plan.html");
      expect(printed).toContain(`Page: ${page}`);
      const html = readFileSync(page, "utf8");
      expect(html).toContain(assumptionMark);
      expect(html).not.toMatch(/<script|<link|src=|url\(|https?:\/\//);
      for (const id of ["cumulative", "kinds"]) {
        expect(html).toContain(`aria-labelledby="${id}-title ${id}-desc"`);
        expect(html).toContain(`<title id="${id}-title">`);
        expect(html).toContain(`<desc id="${id}-desc">`);
      }
    },
  );

  test("prints JSON of a fixed form", () => {
    plan("on-prem", { state: root, json: true, months: "12" });
    const result = JSON.parse(printed) as Record<string, unknown> & { options: Record<string, unknown>[] };
    expect(Object.keys(result)).toEqual([
      "apiVersion",
      "environment",
      "currentFootprint",
      "months",
      "currency",
      "answer",
      "cheapest",
      "best",
      "options",
      "missing",
      "breakEvens",
      "sensitivity",
      "memory",
      "prices",
      "priceList",
      "page",
    ]);
    expect(result["apiVersion"]).toBe("cloister.dev/cost-plan/v1");
    expect(result.options.map(({ name }) => name)).toEqual([
      "private-cloud/on-demand",
      "private-cloud/one-year",
      "colocation",
      "on-prem",
    ]);
    expect((result.options[0]!["cumulative"] as number[]).length).toBe(13);
  });

  test("takes prices of one's own, and says no more that they are assumed", () => {
    plan("on-prem", { state: root, json: true, prices: file(`hardware:\n  server: ${quote(1)}\n`) });
    const own = JSON.parse(printed) as { options: { name: string; capital: number; assumptions: string[] }[] };
    printed = "";
    plan("on-prem", { state: root, json: true });
    const kit = JSON.parse(printed) as typeof own;
    const site = ({ options }: typeof own) => options.find(({ name }) => name === "on-prem")!;
    expect(site(own).capital).toBeLessThan(site(kit).capital);
    expect(site(kit).assumptions).toContain("hardware.server");
    expect(site(own).assumptions).not.toContain("hardware.server");
  });

  test("refuses an environment that is not there, a horizon out of range and a file that is not there", () => {
    expect(() => plan("nowhere", { state: root })).toThrow("There is no such environment");
    for (const months of ["0", "121", "-3", "1.5", "many", ""]) {
      expect(() => plan("on-prem", { months, state: root })).toThrow(/--months[^]*a whole number from 1 to 120/);
    }
    expect(() => plan("on-prem", { prices: join(root, "none.yaml"), state: root })).toThrow("no such file of prices");
    expect(printed).toBe("");
  });

  test("tells every mistake of a file of prices at once, each with its place", () => {
    const own = file(
      [
        "hardware:",
        `  server: ${quote(-5)}`,
        "  worker: { amount: 100, currency: USD }",
        "  serverr: 3",
        `energyKwh: ${quote(0.2).replace("USD", "CHF")}`,
        "load:",
        "  power: { value: 7, asOf: 2026-11-20, source: our own meter, basis: guess }",
      ].join("\n"),
    );
    expect(() => plan("on-prem", { prices: own, state: root })).toThrow(/8 mistakes/);
    try {
      plan("on-prem", { prices: own, state: root });
    } catch (error) {
      const { message } = error as Error;
      expect(message).toContain("hardware.server.amount (line 2)");
      expect(message).toContain("found:   -5");
      for (const key of ["asOf", "source", "basis"]) expect(message).toContain(`hardware.worker.${key} (line 3)`);
      expect(message).toContain('an unknown setting "serverr"');
      expect(message).toContain("energyKwh.currency (line 5)");
      expect(message).toContain("write the price in USD, or add exchangeRates.CHF");
      expect(message).toContain("load.power.value (line 7)");
      expect(message).toContain("load.power.basis (line 7)");
    }
  });

  test("escapes what comes from a file of prices", () => {
    const own = `hardware:\n  server: ${quote(1).replace("offer 4711 of Example Servers", "'<img src=x onerror=1>'")}\n`;
    const page = planPage(planCosts(readEnvironment("on-prem"), parsePrices({ text: own, file: "prices.yaml" }), 36));
    expect(page).toContain("&lt;img src=x onerror=1&gt;");
    expect(page).not.toContain("<img");
  });
});
