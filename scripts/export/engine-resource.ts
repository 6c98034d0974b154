import { parseEvents, type EngineEvent } from "../engine/engine-events";

/** A resource as the engine knows it before or after it is made: what the program asks for, not what came of it. */
export interface EngineResource {
  readonly urn: string;
  /** Pulumi's token, such as `kubernetes:core/v1:Secret`. */
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What a component of the kit hands out; nothing for all others. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** What a run's event log says would stand, or stands, after it; what it takes away is left out. */
export function resourcesOfEvents(log: string): EngineResource[] {
  const events = parseEvents(log);
  // Of an `up` the update alone: the preview before it said the same, but for what was unknown then.
  const begun = events.findLastIndex(({ preludeEvent }) => preludeEvent !== undefined);
  const resources = new Map<string, EngineResource>();
  for (const { resourcePreEvent, resOutputsEvent } of events.slice(Math.max(0, begun))) {
    // What comes of a resource is told last, and with it what a component hands out.
    const metadata = (resOutputsEvent ?? resourcePreEvent)?.metadata;
    if (metadata === undefined) continue;
    if (metadata.op === "delete") resources.delete(metadata.urn);
    const resource = standing(metadata);
    if (resource !== undefined) resources.set(resource.urn, resource);
  }
  return [...resources.values()];
}

/** What a stack's exported state holds: `{ deployment: { resources } }`, as `pulumi stack export` prints it. */
export function resourcesOfState(state: string): EngineResource[] {
  const { deployment } = JSON.parse(state) as { deployment: { resources?: StateResource[] } };
  return (deployment.resources ?? [])
    .filter((resource) => resource.delete !== true && resource.external !== true)
    .map(({ urn, type, inputs = {}, outputs = {} }) => ({ urn, type, inputs, outputs: handedOut(type, outputs) }));
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Outputs;
  readonly outputs?: Outputs;
  /** Taken out of the program, and about to be deleted. */
  readonly delete?: boolean;
  /** Read only: somebody else's. */
  readonly external?: boolean;
}

type Outputs = EngineResource["outputs"];

const handedOut = (type: string, outputs: Outputs): Outputs => (type.startsWith("cloister:") ? outputs : {});

function standing({ op, urn, type, new: made }: Metadata): EngineResource | undefined {
  // Deletions have nothing new, reads belong to somebody else.
  if (made?.inputs === undefined || made.inputs === null || op.startsWith("read")) return undefined;
  const { inputs, outputs } = made as { inputs: Outputs; outputs?: Outputs | null };
  return { urn, type, inputs, outputs: handedOut(type, outputs ?? {}) };
}

/** The name in the program: the last part of a URN. */
export const nameOf = ({ urn }: EngineResource): string => urn.split("::").at(-1) ?? urn;
