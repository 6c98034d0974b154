/**
 * Writes the pictures of `docs/evidence.md`: run it with tsx after the page was changed. Given the `evidence.html` of a run,
 * it takes `evidence.png`, the first screen of that page, alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { evidencePage } from "../../../policies/evidence/page";
import { findChromium, Reviewer } from "./browser";
import { exampleInput } from "./example";

const images = join(__dirname, "../../../docs/images");
const desktop = { viewport: { width: 1280, height: 860 } };

async function takeAll(chromium: string): Promise<void> {
  const reviewer = await Reviewer.start(chromium, evidencePage(exampleInput()));
  try {
    const page = await reviewer.open("", desktop);
    const shoot = (name: string) => page.screenshot({ path: join(images, `evidence-${name}.png`) });
    await shoot("overview");
    await page.getByRole("link", { name: /^HIPAA/ }).click();
    await shoot("click-1-framework");
    await page.locator("summary", { hasText: "164.312(a)(2)(iv)" }).click();
    await page
      .getByRole("link", { name: /^ENC-10/ })
      .and(page.locator(":visible"))
      .scrollIntoViewIfNeeded();
    await shoot("click-2-paragraph");
    await page
      .getByRole("link", { name: /^ENC-10/ })
      .and(page.locator(":visible"))
      .click();
    await page.locator(".rule[open]").waitFor();
    await shoot("click-3-verdict");
    for (const [name, place, options] of [
      ["waivers", "waivers", desktop],
      ["dark", "", { ...desktop, colorScheme: "dark" }],
      ["phone", "rule=ENC-10", { viewport: { width: 375, height: 860 } }],
    ] as const) {
      const other = await reviewer.open(place, options);
      await other.screenshot({ path: join(images, `evidence-${name}.png`) });
      await other.context().close();
    }
  } finally {
    await reviewer.stop();
  }
}

async function takeOne(chromium: string, file: string): Promise<void> {
  const reviewer = await Reviewer.start(chromium, readFileSync(file, "utf8"));
  try {
    const page = await reviewer.open("", { viewport: { width: 1280, height: 1250 } });
    await page.screenshot({ path: join(images, "evidence.png") });
  } finally {
    await reviewer.stop();
  }
}

const chromium = findChromium();
if (chromium === undefined) throw new Error("no Chromium is on PATH: the pictures cannot be taken");
const [file] = process.argv.slice(2);
void (file === undefined ? takeAll(chromium) : takeOne(chromium, file));
