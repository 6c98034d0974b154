import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { source as axe } from "axe-core";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { findExecutable } from "../../../rehearsal/setup/executables";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export function findChromium(): string | undefined {
  return names.map((name) => findExecutable(name, process.env)).find((path) => path !== undefined);
}

/** The system's Chromium with one page of evidence in a file, as a reviewer opens it. */
export class Reviewer {
  /** What a page tells its console, and what it asks of anybody. Both stay empty. */
  readonly complaints: string[] = [];
  readonly requests: string[] = [];
  private readonly directory = mkdtempSync(join(tmpdir(), "cloister-evidence-page-"));

  private constructor(
    private readonly browser: Browser,
    html: string,
  ) {
    writeFileSync(this.file, html);
  }

  static async start(executablePath: string, html: string): Promise<Reviewer> {
    // Chromium's own sandbox refuses to start for root, as whom containers run.
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return new Reviewer(await chromium.launch({ executablePath, args }), html);
  }

  async open(place = "", options: BrowserContextOptions = {}): Promise<Page> {
    const context: BrowserContext = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== this.address) this.requests.push(request.url());
    });
    await page.goto(`${this.address}${place && `#${place}`}`);
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.directory, { recursive: true });
  }

  private get file(): string {
    return join(this.directory, "evidence.html");
  }

  private get address(): string {
    return pathToFileURL(this.file).href;
  }
}

/** What an expression is in the page. As text: the kit's own types know no browser, and should not. */
export async function ask<Answer = unknown>(page: Page, expression: string): Promise<Answer> {
  return page.evaluate<Answer>(expression);
}

/**
 * Serious and critical violations of accessibility on what is shown, each with where it is.
 *
 * @param rule the one rule of axe to ask for; default: all.
 */
export async function violations(page: Page, rule?: string): Promise<string[]> {
  await page.evaluate(axe);
  const found = await ask<{ violations: readonly Violation[] }>(
    page,
    rule ? `axe.run({ runOnly: ["${rule}"] })` : "axe.run()",
  );
  return found.violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}
