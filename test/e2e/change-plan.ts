import { readFileSync, writeFileSync } from "node:fs";
import { prepareGate } from "../../scripts/gate";
import { formatted, markdownTable, code } from "../../scripts/docs/markdown";
import type { Step } from "../../scripts/engine/engine-events";
import type { Rehearsal } from "../../scripts/rehearse/rehearsal";
import { layers, readEnvironment, type Layer } from "../../stacks/environment";
import type { Change } from "./changes";
import type { RehearsedExample } from "./rehearsed";

export interface PlannedStep {
  readonly urn: string;
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

/** What the engine would do, by layer, and why it would not. */
export interface ChangePlan {
  readonly what: string;
  readonly steps: Readonly<Record<Layer, readonly PlannedStep[]>>;
  readonly errors: readonly string[];
}

const quiet = new Set(["same", "read", "refresh"]);

/** The steps that change something outside: components and the stack itself are how the program is ordered. */
export const plannedSteps = (steps: readonly Step[]): PlannedStep[] =>
  steps
    .filter(({ op, type }) => !quiet.has(op) && !type.startsWith("cloister:") && !type.startsWith("pulumi:"))
    .map(({ op, type, urn }) => ({ op, type, urn, name: urn.split("::").at(-1) ?? urn }))
    .sort((left, right) => (`${left.op} ${left.name}` < `${right.op} ${right.name}` ? -1 : 1));

/** Previews both layers with the change in the environment file, which afterwards is as it was. */
export async function planChange(example: RehearsedExample, rehearsal: Rehearsal, change: Change): Promise<ChangePlan> {
  const before = readFileSync(example.file, "utf8");
  try {
    for (const [from, to] of change.edits) example.edit(from, to);
    prepareGate(readEnvironment(example.name, example.folder), example.files.directory);
    const [foundation, platform] = await Promise.all(layers.map((layer) => rehearsal.runLayer(layer, "preview")));
    if (foundation === undefined || platform === undefined) throw new Error("there are two layers");
    const refusals = [foundation, platform].flatMap(({ policies }) =>
      policies.filter(({ mandatory }) => mandatory).map(({ policy, message }) => `${policy}: ${message}`),
    );
    return {
      what: change.what,
      steps: { foundation: plannedSteps(foundation.steps), platform: plannedSteps(platform.steps) },
      errors: [...foundation.errors, ...platform.errors, ...refusals],
    };
  } finally {
    writeFileSync(example.file, before);
  }
}

export const operationsOf = (steps: readonly PlannedStep[]): string[] => [...new Set(steps.map(({ op }) => op))].sort();

/** The page of one environment, in the words of the engine's own plans. */
export async function changesPage(environment: string, plans: readonly ChangePlan[]): Promise<string> {
  const sections = plans.flatMap(({ what, steps, errors }) => [
    `## ${what}`,
    ...layers.map((layer) => layerText(layer, steps[layer], errors.length > 0)),
  ]);
  const page = [
    `# What a change does: ${environment}`,
    "Written by a test that brings the example environment up, changes its file and asks the engine what it would do. " +
      "What is not listed stays as it is. The platform is asked on the foundation as it stands: pods that show a certificate made anew follow with the same `up`.",
    ...sections,
  ].join("\n\n");
  return formatted(`${page}\n`, `changes/${environment}.md`);
}

function layerText(layer: Layer, steps: readonly PlannedStep[], refused: boolean): string {
  if (refused) return `${capital(layer)}: refused, nothing is done.`;
  if (steps.length === 0) return `${capital(layer)}: nothing.`;
  const rows = steps.map(({ op, type, name }) => [op, code(type), code(name)]);
  return `${capital(layer)}:\n\n${markdownTable(["operation", "type", "resource"], rows)}`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
