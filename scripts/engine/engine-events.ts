import { inputsSha256 } from "../../policies/evidence/plan-document";

/** Events of the engine's log, as far as they are read here. */
export interface EngineEvent {
  readonly preludeEvent?: unknown;
  readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string; readonly urn?: string };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly message: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
  };
  readonly summaryEvent?: { readonly isPreview?: boolean; readonly resourceChanges?: Readonly<Record<string, number>> };
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly diffs?: readonly string[] | null;
  readonly new?: { readonly inputs?: StepInputs | null } | null;
  readonly old?: { readonly inputs?: StepInputs | null } | null;
}

interface StepInputs {
  readonly [name: string]: unknown;
  readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
}

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** Kubernetes namespace it is in, or is. */
  readonly namespace?: string;
  /** Input paths that changed. */
  readonly diffs: readonly string[];
  /** SHA-256 over what the program asks for; absent where it asks for nothing. */
  readonly inputsSha256?: string;
}

export interface PolicyMessage {
  readonly policy: string;
  readonly message: string;
  readonly mandatory: boolean;
  readonly urn?: string;
}

/** What one run of the engine did or would do. */
export interface EngineReport {
  readonly steps: readonly Step[];
  /** Number of resources by operation: create, update, replace, delete, same … */
  readonly changes: Readonly<Record<string, number>>;
  /** True where it never came further than its preview: then nothing was made, whatever `changes` says. */
  readonly onlyPlanned: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly policies: readonly PolicyMessage[];
}

/** Steps that are parts of a replacement, or only read: a person counts the replacement itself. */
const bookkeeping = new Set(["create-replacement", "delete-replaced", "discard-replaced", "remove-pending-replace"]);

/** Reads as much of an event log as is whole: the last line may still be in writing. */
export function parseEvents(log: string): EngineEvent[] {
  return log.split("\n").flatMap((line): EngineEvent[] => {
    try {
      return line === "" ? [] : [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
}

const plain = (text: string): string => text.replaceAll(/<\{%[^%]*%\}>/g, "").trim();

/** The run as a person speaks of it; of an `up` the update only, not the preview before it. */
export function report(events: readonly EngineEvent[]): EngineReport {
  const begun = events.findLastIndex((event) => event.preludeEvent !== undefined);
  const last = events.slice(Math.max(0, begun));
  const refreshed = new Set(
    last.flatMap(({ resourcePreEvent }) =>
      resourcePreEvent?.metadata.op === "refresh" ? [resourcePreEvent.metadata.urn] : [],
    ),
  );
  const messages = (severity: string) => [
    ...new Set(
      events.flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.severity === severity ? [plain(diagnosticEvent.message)] : [],
      ),
    ),
  ];
  const summary = last.findLast((event) => event.summaryEvent !== undefined)?.summaryEvent;
  return {
    onlyPlanned: summary?.isPreview ?? true,
    steps: last.flatMap(({ resourcePreEvent, resOutputsEvent }) => {
      // Before a refresh has read a resource it is only a refresh; what became of it is told afterwards.
      const before = resourcePreEvent?.metadata.op === "refresh" ? undefined : resourcePreEvent?.metadata;
      const metadata =
        before ?? (refreshed.has(resOutputsEvent?.metadata.urn ?? "") ? resOutputsEvent?.metadata : undefined);
      if (metadata === undefined || bookkeeping.has(metadata.op)) return [];
      const { op, urn, type, diffs } = metadata;
      const inputs = metadata.new?.inputs;
      const digest = inputs ? { inputsSha256: inputsSha256(type, inputs) } : {};
      return [{ op, urn, type, namespace: namespaceOf(metadata), diffs: diffs ?? [], ...digest }];
    }),
    changes: summary?.resourceChanges ?? {},
    errors: messages("error"),
    warnings: messages("warning"),
    policies: uniquePolicies(events),
  };
}

function namespaceOf({ type, ...step }: StepMetadata): string | undefined {
  const metadata = (step.new ?? step.old)?.inputs?.metadata;
  const found = type === "kubernetes:core/v1:Namespace" ? metadata?.name : metadata?.namespace;
  return typeof found === "string" ? found : undefined;
}

function uniquePolicies(events: readonly EngineEvent[]): PolicyMessage[] {
  const seen = new Map<string, PolicyMessage>();
  for (const { policyEvent } of events) {
    if (policyEvent === undefined) continue;
    const { policyName, message, enforcementLevel, resourceUrn } = policyEvent;
    seen.set(`${policyName} ${resourceUrn ?? ""}`, {
      policy: policyName,
      message: plain(message),
      mandatory: enforcementLevel === "mandatory",
      urn: resourceUrn,
    });
  }
  return [...seen.values()];
}

/** How far a run is: resources done in its present phase. */
export function progressOf(events: readonly EngineEvent[]): {
  readonly phase: "preview" | "update";
  readonly done: number;
} {
  const preludes = events.filter((event) => event.preludeEvent !== undefined).length;
  const begun = events.findLastIndex((event) => event.preludeEvent !== undefined);
  const done = events.slice(Math.max(0, begun)).filter((event) => event.resOutputsEvent !== undefined).length;
  return { phase: preludes > 1 ? "update" : "preview", done };
}
