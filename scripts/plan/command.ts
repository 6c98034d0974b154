import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { readEnvironment, stacksFolder } from "../../stacks/environment";
import { requireWritableFile } from "../writable-folder";
import { planCosts, type CostPlan } from "./model/cost-plan";
import { planPage } from "./page";
import { readPrices } from "./prices/read-prices";
import { planText } from "./table";

export interface PlanOptions {
  /** Horizon in months, as it was typed; default 36. */
  readonly months?: string;
  /** File with prices of one's own; default `<folder>/<environment>/prices.yaml` where there is one. */
  readonly prices?: string;
  readonly folder?: string;
  /** Folder of the pages; default `.cloister/plans`. */
  readonly state?: string;
  readonly json?: boolean;
}

/**
 * `plan`: which footprint, what does it cost, when does it break even.
 *
 * @returns the exit code, 0.
 * @throws KitError for a horizon, an environment or prices that are not valid, or a folder that cannot be written to.
 */
export function plan(environment: string, options: PlanOptions): number {
  const folder = options.folder ?? stacksFolder;
  const months = horizon(options.months ?? "36");
  const read = readEnvironment(environment, folder);
  const directory = resolve(options.state ?? join(".cloister", "plans"), environment);
  const page = join(directory, "plan.html");
  requireWritableFile({ path: page, option: "--state" });
  const result = planCosts(read, readPrices(environment, folder, options.prices), months);
  mkdirSync(directory, { recursive: true });
  writeFileSync(page, planPage(result));
  process.stdout.write(
    options.json === true ? `${JSON.stringify(planJson(result, page), null, 2)}\n` : planText(result, page),
  );
  return 0;
}

/** The plan as JSON: money to the cent, every option with its months, and the page's path. */
export function planJson(plan: CostPlan, page: string): object {
  const cents = (_key: string, value: unknown) => (typeof value === "number" ? Math.round(value * 100) / 100 : value);
  return { ...(JSON.parse(JSON.stringify(plan, cents)) as object), page };
}

function horizon(typed: string): number {
  const months = /^\d+$/.test(typed) ? Number(typed) : NaN;
  if (months >= 1 && months <= 120) return months;
  throw new KitError("The horizon is not valid", [
    {
      path: "--months",
      found: JSON.stringify(typed),
      allowed: "a whole number from 1 to 120",
      mend: "write the months for which you want to know, such as 36",
    },
  ]);
}
