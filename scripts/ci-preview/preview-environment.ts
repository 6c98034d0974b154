import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KitError } from "../../components/kit-error";
import { SetupError } from "../../rehearsal/setup/setup-error";
import { sarif } from "../../policies/evidence/sarif";
import { parseEnvironment, readEnvironment, stacksFolder, type Environment } from "../../stacks/environment";
import { parsePrices } from "../plan/prices/read-prices";
import type { Prices } from "../plan/prices/price-schema";
import { projectDirectory } from "../rehearse/rehearsal-files";
import type { BaseTree } from "./base-tree";
import { costChange } from "./cost-change";
import { deployedPreview } from "./deployed-preview";
import type { EnvironmentPreview } from "./environment-preview";
import { deployedChanges, planDifference } from "./plan-difference";
import { RehearsalFailed, rehearsedPreview } from "./rehearsed-preview";
import type { EnvironmentReport } from "./report";
import { verdictChange } from "./verdict-change";

export interface PreviewArgs {
  readonly name: string;
  /** Absent where drift is looked for: nothing was changed, so nothing is compared. */
  readonly base: BaseTree | undefined;
  readonly rehearsed: boolean;
  readonly drift: boolean;
  /** Folder in which previews keep their files. */
  readonly state: string;
}

/** Previews one environment and says what the change does to it. What goes wrong with it is told, and stops no other. */
export async function previewEnvironment(args: PreviewArgs): Promise<EnvironmentReport> {
  const against = args.rehearsed ? "rehearsed" : "deployed";
  const nothing = { changes: [], against, standIns: [], seconds: 0 } as const;
  let environment: Environment;
  try {
    environment = readEnvironment(args.name);
  } catch (error) {
    if (!(error instanceof KitError)) throw error;
    return { ...nothing, environment: args.name, verdict: "invalid", messages: [error.message] };
  }
  try {
    const { before, baseMissing } = await previewBase(args);
    const now = args.rehearsed
      ? await rehearsedPreview(projectDirectory, args.name, args.state)
      : await deployedPreview(environment, args.drift, args.state);
    return { ...reportOf(args, environment, now, before), ...(baseMissing === undefined ? {} : { baseMissing }) };
  } catch (error) {
    const told = error instanceof KitError || error instanceof SetupError || error instanceof RehearsalFailed;
    if (!told) throw error;
    return { ...nothing, environment: args.name, verdict: "failed", messages: [error.message] };
  }
}

/** What the code as it was would make, at stand-ins. What is deployed needs no such thing: it is there. */
async function previewBase({ name, base, rehearsed, state }: PreviewArgs) {
  if (base === undefined || !rehearsed) return {};
  if (base.text(`stacks/${name}.yaml`) === undefined) return { baseMissing: "the environment is new" };
  try {
    return { before: await rehearsedPreview(base.checkOut(), name, state) };
  } catch (error) {
    if (!(error instanceof RehearsalFailed)) throw error;
    return { baseMissing: `it could not be previewed (${error.message.split("\n").at(-1) ?? ""})` };
  }
}

function reportOf(
  { name, base, drift }: PreviewArgs,
  environment: Environment,
  now: EnvironmentPreview,
  before: EnvironmentPreview | undefined,
): EnvironmentReport {
  const changes =
    now.against === "deployed"
      ? deployedChanges(now.resources)
      : before === undefined
        ? []
        : planDifference(before.resources, now.resources);
  const drifted = drift && changes.length > 0;
  return {
    environment: name,
    verdict: now.outcome === "stopped" ? "stopped" : drifted ? "drifted" : "passes",
    // What the gate refused is told with its verdicts.
    messages: now.stacks.flatMap(({ errors, refused }) => (refused.length > 0 ? [] : errors)),
    changes,
    against: now.against,
    verdicts: verdictChange(now.ledgers, before?.ledgers),
    ...(now.ledgers.length === 0 ? {} : { sarif: sarifOf(environment, now) }),
    ...(drift ? {} : { cost: costChange({ environment, prices: pricesOf(name) }, baseCosts(name, base)) }),
    standIns: now.standIns,
    seconds: now.seconds + (before?.seconds ?? 0),
  };
}

const sarifOf = (environment: Environment, { outcome, ledgers, engineVersion }: EnvironmentPreview): string =>
  sarif(
    {
      ...{ generatedAt: new Date().toISOString(), environment: environment.name, outcome, ledgers },
      footprint: environment.footprint.kind,
      engine: { version: engineVersion, origin: "preview" },
      ...{ zones: [], flows: [], parts: [], resources: [] },
    },
    { alertsOnly: true },
  );

function pricesOf(name: string): Prices {
  const file = join(stacksFolder, name, "prices.yaml");
  return existsSync(file) ? parsePrices({ text: readFileSync(file, "utf8"), file }) : parsePrices();
}

/** The environment as it was, with the prices it had; undefined where there was none that today's schema can read. */
function baseCosts(name: string, base: BaseTree | undefined): { environment: Environment; prices: Prices } | undefined {
  const text = base?.text(`stacks/${name}.yaml`);
  if (text === undefined) return undefined;
  const prices = base?.text(`stacks/${name}/prices.yaml`);
  try {
    return {
      environment: parseEnvironment(text, `${name}.yaml`),
      prices: prices === undefined ? parsePrices() : parsePrices({ text: prices, file: "prices.yaml" }),
    };
  } catch (error) {
    if (error instanceof KitError) return undefined;
    throw error;
  }
}
