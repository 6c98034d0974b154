import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LoggedStep {
  readonly type: string;
  readonly name: string;
  readonly op?: string;
  readonly inputs?: object;
  readonly outputs?: object;
}

const urnOf = ({ type, name }: LoggedStep) => `urn:pulumi:stack::cloister::${type}::${name}`;

/** The event log of one run, as the engine writes it: what is asked of each resource, then what came of it. */
export function eventLog(steps: readonly LoggedStep[]): string {
  const metadata = (step: LoggedStep, outputs: object) => {
    const { type, op = "create", inputs = {} } = step;
    return { op, urn: urnOf(step), type, new: op === "delete" ? null : { inputs, outputs } };
  };
  const events = [
    { preludeEvent: {} },
    ...steps.map((step) => ({ resourcePreEvent: { metadata: metadata(step, {}) } })),
    ...steps.map((step) => ({ resOutputsEvent: { metadata: metadata(step, step.outputs ?? {}) } })),
    { summaryEvent: { isPreview: true } },
  ];
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** The same as a stack's exported state. */
export const stackState = (steps: readonly LoggedStep[]): string =>
  JSON.stringify({
    version: 3,
    deployment: {
      resources: steps.map((step) => ({
        urn: urnOf(step),
        type: step.type,
        custom: true,
        inputs: step.inputs ?? {},
        outputs: step.outputs ?? {},
      })),
    },
  });

/** A folder of rehearsals that holds the last previews of one environment. */
export function rehearsed(environment: string, layers: Readonly<Record<"foundation" | "platform", string>>): string {
  const state = mkdtempSync(join(tmpdir(), "cloister-export-"));
  const logs = join(state, environment, "logs");
  mkdirSync(logs, { recursive: true });
  for (const [layer, log] of Object.entries(layers)) {
    writeFileSync(join(logs, `${environment}-${layer}-preview.events.jsonl`), log);
  }
  return state;
}

/** How the engine writes a secret. */
export const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:secret",
};

/** How the engine writes a text that is not known yet. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
