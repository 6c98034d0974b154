import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidencePage } from "../../../policies/evidence/page";
import { findChromium, Reviewer, violations } from "./browser";
import { exampleInput } from "./example";

const chromium = findChromium() ?? "";
const sections = ["overview", "promises", "controls", "resources", "rules", "waivers", "changes", "flows", "scope"];
const paragraph = "control=hipaa/164.312(a)(2)(iv)";

const shownSections = (page: Page) =>
  page
    .locator("main > section")
    .evaluateAll((all) => all.filter((one) => !one.hasAttribute("hidden")).map(({ id }) => id));
const told = (page: Page) => page.locator("#shown").innerText();
const statesShown = (page: Page) =>
  page
    .locator("#rules tbody tr:not([hidden])")
    .evaluateAll((rows) => [...new Set(rows.map((row) => row.getAttribute("data-state")))].sort());

it.runIf(chromium === "")("is not exercised: Chromium is not available on this machine", () => {
  console.warn("The page of evidence was not opened in a browser: no Chromium is on PATH.");
});

describe.runIf(chromium !== "")("the page of evidence in Chromium", () => {
  let reviewer: Reviewer;

  beforeAll(async () => {
    reviewer = await Reviewer.start(chromium, evidencePage(exampleInput()));
  });

  afterAll(async () => {
    await reviewer?.stop();
  });

  it("leads from a HIPAA paragraph to rule, resource, verdict, evidence hash and waiver in three clicks", async () => {
    const page = await reviewer.open();
    await page.getByRole("link", { name: /^HIPAA/ }).click();
    await page.locator("summary", { hasText: "164.312(a)(2)(iv)" }).click();
    await page
      .getByRole("link", { name: /^ENC-10/ })
      .and(page.locator(":visible"))
      .click();
    const rule = page.locator(".rule", { has: page.locator("summary", { hasText: "ENC-10" }) });
    const row = rule.getByRole("row", { name: /foundation-guardrails-trail-log/ });
    expect(await row.isVisible()).toBe(true);
    const text = await row.innerText();
    for (const fact of ["waived", "W-7", "active", "34 days left", "storage@example.org", "ciso@example.org"]) {
      expect(text).toContain(fact);
    }
    expect(text).toMatch(/\b[0-9a-f]{64}\b/);
    expect(await row.evaluate((element) => element.getBoundingClientRect().bottom < innerHeight)).toBe(true);
    await page.context().close();
  });

  it("goes back as it came, and finds again where the reader stood", async () => {
    const page = await reviewer.open();
    await page.getByRole("link", { name: /^HIPAA/ }).click();
    await page.locator("summary", { hasText: "164.312(a)(2)(iv)" }).click();
    const before = await page.evaluate(() => scrollY);
    await page
      .getByRole("link", { name: /^ENC-10/ })
      .and(page.locator(":visible"))
      .click();
    await expect.poll(() => shownSections(page)).toEqual(["rules"]);
    await page.goBack();
    await expect.poll(() => shownSections(page)).toEqual(["controls"]);
    expect(await page.evaluate(() => scrollY)).toBe(before);
    await page.goBack();
    await expect.poll(() => shownSections(page)).toEqual(["overview"]);
    await page.goForward();
    await expect.poll(() => shownSections(page)).toEqual(["controls"]);
    await page.context().close();
  });

  it("opens at the address of a control, a rule, a resource, a verdict or a waiver", async () => {
    const page = await reviewer.open(paragraph);
    expect(await page.locator(`[id="${paragraph}"]`).isVisible()).toBe(true);
    const verdict = await page.locator('#rules tr[data-state="waived"]').getAttribute("id");
    const resource = await page.locator("#resources li[id]").first().getAttribute("id");
    for (const place of [verdict!, resource!, "rule=IMM-03", "waiver=W-3", "promise=2", "framework=pci-dss"]) {
      await page.goto(`${page.url().split("#")[0]}#${place}`);
      const target = page.locator(`[id="${place}"]`);
      await expect.poll(() => target.isVisible(), place).toBe(true);
      expect(await target.evaluate((element) => Math.abs(element.getBoundingClientRect().top) < innerHeight)).toBe(
        true,
      );
    }
    await page.context().close();
  });

  it("filters by state, severity, framework, zone, stack and words, and says how much is shown", async () => {
    const page = await reviewer.open("rules");
    const all = Number(/^\d+/.exec(await page.locator("#rules tbody tr").count().then(String))![0]);
    await page.getByLabel("fail", { exact: true }).check();
    expect(await statesShown(page)).toEqual(["fail"]);
    expect(await told(page)).toBe(`3 of ${all} verdicts by 3 of 80 rules`);
    await page.getByLabel("open", { exact: true }).check();
    expect(await statesShown(page)).toEqual(["fail", "open"]);
    await page.getByLabel("Severity", { exact: true }).selectOption("critical");
    expect(await page.locator(".rule:not([hidden])").count()).toBe(2);
    await page.getByLabel("Zone", { exact: true }).selectOption("gateway");
    expect(await told(page)).toContain("1 of");
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => told(page)).toBe(`${all} verdicts`);
    await page.getByLabel("Framework", { exact: true }).selectOption("hipaa");
    expect(await page.locator(".framework:not([hidden])").count()).toBe(1);
    await page.getByLabel("Stack", { exact: true }).selectOption("example-platform");
    expect(await page.locator('#resources li[data-stack="example-foundation"]:not([hidden])').count()).toBe(0);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.getByLabel("Search", { exact: true }).fill("trail-log kmskeyid");
    await expect.poll(() => told(page)).toContain("1 of");
    expect(await statesShown(page)).toEqual(["waived"]);
    // A link to what the filter hides takes the filter away: an address never leads to nothing.
    await page.goto(`${page.url().split("#")[0]}#rule=IMM-03`);
    await expect.poll(() => told(page)).toBe(`${all} verdicts`);
    await page.context().close();
  });

  it("takes words typed on the overview to the rules they are about, and a number to its verdicts", async () => {
    const page = await reviewer.open();
    await page.getByLabel("Search", { exact: true }).pressSequentially("rotate");
    await expect.poll(() => shownSections(page)).toEqual(["rules"]);
    expect(await page.getByLabel("Search", { exact: true }).evaluate((input) => input === document.activeElement)).toBe(
      true,
    );
    await page.goBack();
    await page.getByRole("link", { name: /checks undecided/ }).click();
    await expect.poll(() => statesShown(page)).toEqual(["open"]);
    await page.context().close();
  });

  it("can be used by keyboard alone", async () => {
    const page = await reviewer.open();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("To the evidence");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => shownSections(page)).toEqual(["controls"]);
    expect(await page.locator(":focus").innerText()).toContain("Controls");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.locator("#controls details[open]").count()).toBe(1);
    const ring = await page.locator(":focus").evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(ring).toBe("solid");
    await page.context().close();
  });

  it("has no serious violation of accessibility in any section, by day and by night", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await reviewer.open("", { colorScheme });
      // One of each kind is opened: the hundreds that are made in the same way are left out, they only cost time.
      await page.evaluate(() => {
        for (const section of document.querySelectorAll("main > section")) section.removeAttribute("hidden");
        for (const kind of ["promise", "control", "component", "rule"]) {
          const [first, ...others] = document.querySelectorAll(`details.${kind}`);
          first?.setAttribute("open", "");
          for (const other of others.slice(4)) other.remove();
        }
      });
      expect(await violations(page), colorScheme).toEqual([]);
      await page.context().close();
    }
  });

  it("fits a phone: no section is wider than its screen", async () => {
    for (const width of [320, 375, 768]) {
      const page = await reviewer.open("", { viewport: { width, height: 800 } });
      await page.evaluate(() =>
        document.querySelectorAll("main details").forEach((one) => one.setAttribute("open", "")),
      );
      for (const section of sections) {
        await page.evaluate((id) => (location.hash = id), section);
        await expect.poll(() => shownSections(page)).toEqual([section]);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          `${section} ${width}`,
        ).toBeLessThanOrEqual(0);
      }
      await page.context().close();
    }
  });

  it("is whole without a script, and on paper", async () => {
    const page = await reviewer.open(paragraph, { javaScriptEnabled: false });
    const target = page.locator(`[id="${paragraph}"]`);
    expect(await target.isVisible()).toBe(true);
    expect(await page.locator("#filter").isVisible()).toBe(false);
    expect(await shownSections(page)).toEqual(sections);
    await page.emulateMedia({ media: "print" });
    const hidden = await page
      .locator("main > section, main details > :not(summary)")
      .evaluateAll((all) => all.filter((one) => !one.checkVisibility({ contentVisibilityAuto: true })).length);
    expect(hidden).toBe(0);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await page.context().close();
  });

  it("asked nothing of anybody, and had nothing to complain of", () => {
    expect(reviewer.requests).toEqual([]);
    expect(reviewer.complaints).toEqual([]);
  });
});
