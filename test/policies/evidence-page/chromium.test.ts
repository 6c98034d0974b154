import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidencePage } from "../../../policies/evidence/page";
import { ask, findChromium, Reviewer, violations } from "./browser";
import { exampleInput } from "./example";

const chromium = findChromium() ?? "";
const sections = ["overview", "promises", "controls", "resources", "rules", "waivers", "changes", "flows", "scope"];
const paragraph = "control=hipaa/164.312(a)(2)(iv)";

const shownSections = (page: Page) =>
  ask<string[]>(page, `[...document.querySelectorAll("main > section:not([hidden])")].map(({ id }) => id)`);
const statesShown = (page: Page) =>
  ask<string[]>(
    page,
    `[...new Set([...document.querySelectorAll("#rules tbody tr:not([hidden])")].map((row) => row.dataset.state))].sort()`,
  );
const told = (page: Page) => page.locator("#shown").innerText();
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

/** The browser answers when it can: on a busy machine it may take its time. */
const eventually = <Answer>(ask: () => Promise<Answer>) => expect.poll(ask, { timeout: 10_000, interval: 25 });

/** Whether a place begins on the screen. */
async function inSight(page: Page, place: string): Promise<boolean> {
  const box = `document.getElementById(${JSON.stringify(place)}).getBoundingClientRect()`;
  const screens = await ask<number>(page, `${box}.top / innerHeight`);
  return screens >= 0 && screens < 1;
}

/** Three clicks, each on what a reader sees. */
async function fromFrameworkToRule(page: Page, between: () => Promise<void> = async () => {}): Promise<void> {
  await page.getByRole("link", { name: /^HIPAA/ }).click();
  await page.locator("summary", { hasText: "164.312(a)(2)(iv)" }).click();
  await between();
  await page
    .getByRole("link", { name: /^ENC-10/ })
    .and(page.locator(":visible"))
    .click();
  await eventually(() => shownSections(page)).toEqual(["rules"]);
}

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
    await fromFrameworkToRule(page);
    const row = page.locator(".rule[open]").getByRole("row", { name: /foundation-guardrails-trail-log/ });
    expect(await inSight(page, (await row.getAttribute("id"))!)).toBe(true);
    const text = await row.innerText();
    for (const fact of ["waived", "W-7", "active", "34 days left", "storage@example.org", "ciso@example.org"]) {
      expect(text).toContain(fact);
    }
    expect(text).toMatch(/\b[0-9a-f]{64}\b/);
    await page.context().close();
  });

  it("goes back as it came, and finds again where the reader stood", async () => {
    const page = await reviewer.open();
    let stood: unknown;
    await fromFrameworkToRule(page, async () => void (stood = await ask(page, "scrollBy(0, 90), scrollY")));
    await page.goBack();
    await eventually(() => shownSections(page)).toEqual(["controls"]);
    expect(stood).toBeGreaterThan(0);
    expect(await ask(page, "scrollY")).toBe(stood);
    await page.goBack();
    await eventually(() => shownSections(page)).toEqual(["overview"]);
    await page.goForward();
    await eventually(() => shownSections(page)).toEqual(["controls"]);
    await page.context().close();
  });

  it("opens at the address of a control, a rule, a resource, a verdict or a waiver", async () => {
    const page = await reviewer.open(paragraph);
    expect(await page.locator(`[id="${paragraph}"]`).isVisible()).toBe(true);
    const verdict = (await page.locator('#rules tr[data-state="waived"]').getAttribute("id"))!;
    const resource = (await page.locator("#resources li[id]").first().getAttribute("id"))!;
    for (const place of [verdict, resource, "rule=IMM-03", "waiver=W-3", "promise=2", "framework=pci-dss"]) {
      await ask(page, `location.hash = "${place}"`);
      await eventually(() => page.locator(`[id="${place}"]`).isVisible()).toBe(true);
      await eventually(() => inSight(page, place)).toBe(true);
    }
    await page.context().close();
  });

  it("filters by state, severity, framework, zone, stack and words, and says how much is shown", async () => {
    const page = await reviewer.open("rules");
    const clear = page.getByRole("button", { name: "Clear" });
    const all = await page.locator("#rules tbody tr").count();
    await field(page, "fail").check();
    expect(await statesShown(page)).toEqual(["fail"]);
    expect(await told(page)).toBe(`3 of ${all} verdicts by 3 of 80 rules`);
    await field(page, "open").check();
    expect(await statesShown(page)).toEqual(["fail", "open"]);
    await field(page, "Severity").selectOption("critical");
    expect(await told(page)).toBe(`2 of ${all} verdicts by 2 of 80 rules`);
    await field(page, "Zone").selectOption("gateway");
    expect(await told(page)).toBe(`1 of ${all} verdicts by 1 of 80 rules`);
    await clear.click();
    await eventually(() => told(page)).toBe(`${all} verdicts`);
    await field(page, "Framework").selectOption("hipaa");
    expect(await page.locator(".framework:not([hidden])").count()).toBe(1);
    await field(page, "Stack").selectOption("example-platform");
    expect(await page.locator('#resources li[data-stack="example-foundation"]:not([hidden])').count()).toBe(0);
    expect(await page.locator('#resources li[data-stack="example-platform"]:not([hidden])').count()).toBeGreaterThan(0);
    await clear.click();
    await field(page, "Search").fill("trail-log kmskeyid");
    expect(await statesShown(page)).toEqual(["waived"]);
    // An address never leads to nothing: a filter that hides its place is taken away.
    await ask(page, `location.hash = "rule=IMM-03"`);
    await eventually(() => told(page)).toBe(`${all} verdicts`);
    await page.context().close();
  });

  it("takes words typed on the overview to the rules they are about, and a number to its verdicts", async () => {
    const page = await reviewer.open();
    await field(page, "Search").pressSequentially("rotate");
    await eventually(() => shownSections(page)).toEqual(["rules"]);
    expect(await ask(page, "document.activeElement.name")).toBe("words");
    await page.goBack();
    await page.getByRole("link", { name: /checks undecided/ }).click();
    await eventually(() => statesShown(page)).toEqual(["open"]);
    await page.context().close();
  });

  it("can be used by keyboard alone", async () => {
    const page = await reviewer.open();
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("To the evidence");
    for (let step = 0; step < 3; step += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await eventually(() => shownSections(page)).toEqual(["controls"]);
    expect(await page.locator(":focus").innerText()).toContain("Controls");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.locator("#controls details[open]").count()).toBe(1);
    expect(await ask(page, "getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.context().close();
  });

  // By night only colours differ.
  it.each([
    ["light", undefined],
    ["dark", "color-contrast"],
  ] as const)("has no serious violation of accessibility in any section, %s", async (colorScheme, rule) => {
    const page = await reviewer.open("", { colorScheme });
    // One of each kind is opened; the hundreds that are made in the same way would only cost time.
    await ask(
      page,
      `for (const section of document.querySelectorAll("main > section")) section.removeAttribute("hidden");
      for (const kind of ["promise", "control", "component", "rule"]) {
        const [first, ...others] = document.querySelectorAll("." + kind);
        first.open = true;
        for (const other of others) other.open = other.querySelector("div.waiver") !== null;
        for (const other of others.slice(4)) if (!other.open) other.remove();
      }`,
    );
    expect(await violations(page, rule)).toEqual([]);
    await page.context().close();
  });

  it("fits a phone: no section is wider than its screen", async () => {
    const page = await reviewer.open("", { viewport: { width: 320, height: 800 } });
    await ask(page, `for (const details of document.querySelectorAll("main details")) details.open = true`);
    for (const section of sections) {
      await ask(page, `location.hash = "${section}"`);
      await eventually(() => shownSections(page)).toEqual([section]);
      for (const width of [320, 375, 768]) {
        await page.setViewportSize({ width, height: 800 });
        const over = await ask<number>(page, "document.documentElement.scrollWidth - innerWidth");
        expect(over, `${section} at ${width}`).toBeLessThanOrEqual(0);
      }
    }
    await page.context().close();
  });

  it("is whole without a script, and on paper", async () => {
    const page = await reviewer.open(paragraph, { javaScriptEnabled: false });
    expect(await page.locator(`[id="${paragraph}"]`).isVisible()).toBe(true);
    expect(await page.locator("#filter").isVisible()).toBe(false);
    expect(await shownSections(page)).toEqual(sections);
    await page.emulateMedia({ media: "print" });
    const parts = `[...document.querySelectorAll("main > section, main details > :not(summary), #rules tr")]`;
    expect(await ask(page, `${parts}.filter((one) => !one.checkVisibility()).length`)).toBe(0);
    expect((await page.pdf({ format: "A4" })).subarray(0, 5).toString()).toBe("%PDF-");
    await page.context().close();
  });

  it("asked nothing of anybody, and had nothing to complain of", () => {
    expect(reviewer.requests).toEqual([]);
    expect(reviewer.complaints).toEqual([]);
  });
});
