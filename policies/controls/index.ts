import { catalogue } from "../catalogue";
import type { Control } from "./control";
import hipaa from "./hipaa.json";

/** Frameworks whose controls are listed to the last, so that none is silently left out. */
const complete: Readonly<Record<string, readonly unknown[]>> = { hipaa };

/** Of the other frameworks, the controls that a rule of the catalogue names. */
function referenced(framework: string): readonly Control[] {
  const ids = [...new Set(catalogue.flatMap(({ supports }) => supports[framework] ?? []))];
  return ids
    .sort((left, right) => left.localeCompare(right, "en", { numeric: true }))
    .map((id) => ({ id, title: "", coverage: "partly", parties: ["kit", "operator"] }));
}

const lists = new Map<string, readonly Control[]>();

/** The controls of a framework, by its key in `frameworks.ts`, in the framework's own order. */
export function controlsOf(framework: string): readonly Control[] {
  const list = lists.get(framework) ?? (complete[framework] as readonly Control[] | undefined) ?? referenced(framework);
  lists.set(framework, list);
  return list;
}

/** One control of a framework; undefined where the list has none of that id. */
export function controlOf(framework: string, id: string): Control | undefined {
  return controlsOf(framework).find((control) => control.id === id);
}
