import { parseEvents } from "../engine/engine-events";

/** One resource of a preview, with the inputs it would be made of. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  /** The engine's word: `create`, `update`, `replace`, `delete`, `same`. */
  readonly op: string;
  /** Inputs as the engine's event log has them: secrets are hidden, what is not known yet is a marker. */
  readonly inputs: unknown;
  /** Paths of the inputs that differ from what is deployed. */
  readonly fields: readonly string[];
}

interface Metadata {
  readonly urn: string;
  readonly type: string;
  readonly op: string;
  readonly diffs?: readonly string[] | null;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
  readonly new?: { readonly inputs?: unknown } | null;
  readonly old?: { readonly inputs?: unknown } | null;
}

/** Steps that are parts of a replacement: a person counts the replacement itself. */
const bookkeeping = new Set(["create-replacement", "delete-replaced", "discard-replaced", "remove-pending-replace"]);

/** The resources in the event log of a preview, by URN. The stack itself and its providers are how it is run, not what stands. */
export function plannedResources(eventLog: string): Map<string, PlannedResource> {
  const resources = new Map<string, PlannedResource>();
  for (const event of parseEvents(eventLog)) {
    // Where what is there is read first, the decision comes with the outputs; of several steps the last one counts.
    const metadata = (event.resourcePreEvent ?? event.resOutputsEvent)?.metadata as Metadata | undefined;
    if (metadata === undefined || metadata.op === "refresh" || bookkeeping.has(metadata.op)) continue;
    const { urn, type, op, diffs, detailedDiff } = metadata;
    if (type.startsWith("pulumi:")) continue;
    const fields = Object.keys(detailedDiff ?? {});
    resources.set(urn, {
      ...{ urn, type, op, fields: fields.length > 0 ? fields : (diffs ?? []) },
      inputs: (metadata.new ?? metadata.old)?.inputs ?? {},
    });
  }
  return resources;
}
