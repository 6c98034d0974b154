import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import type { Progress } from "../../rehearsal/setup/progress";
import { layers, readEnvironment, stackName } from "../../stacks/environment";
import { parseEvents, report } from "../engine/engine-events";
import { operatorsEngine } from "../engine/operators-engine";
import { prepareGate } from "../gate";
import { projectDirectory, RehearsalFiles } from "../rehearse/rehearsal-files";
import { resourcesOfEvents, resourcesOfState, type EngineResource } from "./engine-resource";

/** Where the resources come from: a preview made now, what the state says is deployed, or the last rehearsal. */
export type ExportOrigin = "preview" | "deployed" | "rehearsal";

export interface ExportSourceOptions {
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** What the environment's last rehearsal planned or brought up; nothing is asked of an engine. */
  readonly rehearsed?: boolean;
  /** Folder in which rehearsals keep their files. Default: `.cloister/rehearsals`. */
  readonly state?: string;
  /** What stands by the state, instead of what a preview would make. */
  readonly deployed?: boolean;
}

export interface ExportSource {
  readonly origin: ExportOrigin;
  readonly resources: readonly EngineResource[];
}

/**
 * The resources of both stacks of an environment.
 *
 * @throws KitError where there is no rehearsal, no stack, nothing deployed, or the preview was stopped.
 */
export function exportSource(name: string, options: ExportSourceOptions, progress: Progress): Promise<ExportSource> {
  if (options.rehearsed === true) return Promise.resolve(rehearsedResources(name, options.state));
  return options.deployed === true ? deployedResources(name, progress) : previewedResources(name, options, progress);
}

/** @throws KitError where a stack's last run left no log, or did not come to its end. */
function rehearsedResources(name: string, state?: string): ExportSource {
  const files = new RehearsalFiles(name, state === undefined ? undefined : resolve(state));
  const logs = layers.map((layer) => newestLog(files.logs, stackName(name, layer)));
  const missing = layers.filter((_, index) => logs[index] === undefined);
  if (missing.length > 0) {
    throw new KitError(
      "There is no rehearsal to export",
      missing.map((layer) => ({
        path: join(files.logs, `${stackName(name, layer)}-preview.events.jsonl`),
        found: "no run of this stack",
        allowed: "the log of a preview or of a deployment",
        mend: `run \`npm run rehearse -- ${name}\` first, with the same --state`,
      })),
    );
  }
  const texts = logs.map((log) => readFileSync(log!, "utf8"));
  const halves = layers.flatMap((layer, index) => {
    const found = whatStopped(texts[index]!);
    return found === undefined ? [] : [{ stack: stackName(name, layer), found }];
  });
  if (halves.length > 0) throw stopped(halves, `run \`npm run rehearse -- ${name}\`, which says what to mend`);
  return { origin: "rehearsal", resources: texts.flatMap(resourcesOfEvents) };
}

/** Why the run of a log did not come to its end: half a plan would look like a whole one to a scanner. */
function whatStopped(log: string): string | undefined {
  const events = parseEvents(log);
  const { errors, policies } = report(events);
  if (errors.length > 0) return errors[0];
  const refusal = policies.find(({ mandatory }) => mandatory);
  if (refusal !== undefined) return `${refusal.policy}: ${refusal.message.split("\n")[0]}`;
  return events.some(({ summaryEvent }) => summaryEvent !== undefined)
    ? undefined
    : "a run that was ended before its end";
}

function newestLog(folder: string, stack: string): string | undefined {
  return ["preview", "up"]
    .map((verb) => join(folder, `${stack}-${verb}.events.jsonl`))
    .filter((path) => existsSync(path))
    .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs)[0];
}

async function previewedResources(
  name: string,
  { folder }: ExportSourceOptions,
  progress: Progress,
): Promise<ExportSource> {
  const environment = readEnvironment(name, folder);
  const { engine, logDirectory } = await operatorsEngine(progress);
  const gate = prepareGate(environment, join(projectDirectory, ".cloister", "environments", name), folder);
  const resources: EngineResource[] = [];
  for (const layer of layers) {
    const stack = stackName(name, layer);
    await engine.requireStack(stack);
    const { code, errors } = await progress.step(`previewing ${stack}`, (onProgress) =>
      engine.preview({ stack, gate, onProgress }),
    );
    if (code !== 0) {
      const found = errors[0] ?? "a policy that was not kept";
      throw stopped([{ stack, found }], `run \`npm run cloister -- up ${name} --preview\`, which says what to mend`);
    }
    resources.push(...resourcesOfEvents(readFileSync(join(logDirectory, `${stack}-preview.events.jsonl`), "utf8")));
  }
  return { origin: "preview", resources };
}

async function deployedResources(name: string, progress: Progress): Promise<ExportSource> {
  const { engine } = await operatorsEngine(progress);
  const resources: EngineResource[] = [];
  for (const layer of layers) {
    const stack = stackName(name, layer);
    await engine.requireStack(stack);
    resources.push(...resourcesOfState(await engine.exportedState(stack)));
  }
  return { origin: "deployed", resources };
}

const stopped = (stacks: readonly { readonly stack: string; readonly found: string }[], mend: string): KitError =>
  new KitError(
    "There is no whole plan to export",
    stacks.map(({ stack, found }) => ({ path: stack, found, allowed: "a run that the gate lets through", mend })),
  );
