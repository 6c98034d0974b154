import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KitError } from "../../components/kit-error";
import type { CapturedPlan } from "../../policies/plan-capture";
import type { Settings } from "../../policies/settings";
import type { RehearsalFiles } from "../rehearse/rehearsal-files";
import type { JudgedPlan } from "./mutation-score";

const read = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;

/**
 * The plans of an environment's last rehearsal, as its gate saw them, and what the gate was told.
 *
 * @throws KitError where it was never rehearsed, or stopped before its plans were whole.
 */
export function plansOf(environment: string, files: RehearsalFiles): JudgedPlan[] {
  const { plans, directory } = files;
  const names = existsSync(plans) ? readdirSync(plans).filter((name) => name.endsWith(".plan.json")) : [];
  if (names.length < 2) {
    throw new KitError(`There are no plans of ${environment} to break`, [
      {
        path: plans,
        found: names.length === 0 ? "no plan" : names.join(", "),
        allowed: "the plans of both stacks, which a rehearsal leaves there",
        mend: `run it without --rehearsed, or \`npm run rehearse -- ${environment} --preview\` first`,
      },
    ]);
  }
  const { settings } = read<{ settings: Settings }>(join(directory, "policy-settings.json"));
  return names.sort().map((name) => ({ environment, settings, plan: read<CapturedPlan>(join(plans, name)) }));
}
