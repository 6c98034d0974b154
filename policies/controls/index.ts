import type { Control } from "./control";
import gdpr from "./gdpr.json";
import hipaa from "./hipaa.json";
import nist from "./nist-800-53.json";
import pciDss from "./pci-dss.json";
import references from "./references.json";

/** Frameworks whose controls are listed to the last, so that none is silently left out. */
const complete: Readonly<Record<string, readonly Control[]>> = {
  gdpr: gdpr as readonly Control[],
  hipaa: hipaa as readonly Control[],
  "pci-dss": pciDss as readonly Control[],
  "nist-800-53": nist as readonly Control[],
};

/** Of the others, only what a rule bears on is listed: no reader may take the list for the whole. */
const remains = "Shown for reference: only what rules bear on is listed, and an assessor judges the rest.";

const referenced = Object.fromEntries(
  Object.entries(references as unknown as Record<string, readonly (readonly [string, string])[]>).map(
    ([framework, controls]): [string, readonly Control[]] => [
      framework,
      controls.map(([id, title]) => ({ id, title, coverage: "partly", parties: ["kit", "operator"], remains })),
    ],
  ),
);

/** Whether every control of a framework is listed, and not only those that rules bear on. */
export const isComplete = (framework: string): boolean => framework in complete;

/**
 * The controls of a framework, by its key in `frameworks.ts`, in the framework's own order.
 *
 * @throws Error on a key that has no list.
 */
export function controlsOf(framework: string): readonly Control[] {
  const controls = complete[framework] ?? referenced[framework];
  if (controls === undefined) throw new Error(`no controls of "${framework}" are listed in policies/controls/`);
  return controls;
}

/** One control of a framework; undefined where the list has none of that id. */
export function controlOf(framework: string, id: string): Control | undefined {
  return controlsOf(framework).find((control) => control.id === id);
}
