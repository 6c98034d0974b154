import { createHash } from "node:crypto";

/** One update that the backend's history tells of. */
export interface StackUpdate {
  /** As the engine names it: `update`, `refresh`, `destroy`, `resource-import`, … */
  readonly kind: string;
  /** ISO 8601, UTC; the backend keeps whole seconds. */
  readonly startedAt: string;
  readonly message: string;
  readonly result: string;
  /** Resources by operation. */
  readonly changes: Readonly<Record<string, number>>;
  /** Whether a policy pack was given on the command line. */
  readonly withPack: boolean;
}

/** What stands of a stack, as its state says, and how it came about. */
export interface StandingState {
  readonly stack: string;
  /** SHA-256 over the whole deployment, whatever order its keys are written in. */
  readonly sha256: string;
  /** Resources that a provider made. */
  readonly resources: number;
  /** SHA-256 of what each resource is, by URN: an update that changes nothing still writes its entry anew. */
  readonly members: Readonly<Record<string, string>>;
  /** The newest first. */
  readonly updates: readonly StackUpdate[];
}

interface Deployment {
  readonly resources?: readonly Resource[] | null;
}

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly id?: string;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly protect?: boolean;
}

interface HistoryEntry {
  readonly kind: string;
  /** Text from the command, seconds since 1970 in the backend's files. */
  readonly startTime: string | number;
  readonly message?: string;
  readonly result?: string;
  readonly resourceChanges?: Readonly<Record<string, number>> | null;
  readonly environment?: Readonly<Record<string, string>> | null;
}

/** Reads a state and its history, as the engine exports them or as its file backend keeps them. */
export function standingState(stack: string, deployment: unknown, history: readonly unknown[]): StandingState {
  const resources = (deployment as Deployment | null)?.resources ?? [];
  return {
    stack,
    sha256: digest(deployment ?? {}),
    resources: resources.filter(({ custom, type }) => custom === true && !type.startsWith("pulumi:")).length,
    members: Object.fromEntries(resources.map((resource) => [resource.urn, digest(whatItIs(resource))])),
    updates: (history as readonly HistoryEntry[])
      .map(updateOf)
      .sort((left, right) => (left.startedAt < right.startedAt ? 1 : left.startedAt > right.startedAt ? -1 : 0)),
  };
}

/** By this key the engine marks a secret; the same one is encrypted otherwise each time. */
const secretMark = "4dabf18193072939515e22adb298388d";

const whatItIs = ({ id, inputs, outputs, protect }: Resource): unknown =>
  JSON.parse(
    JSON.stringify({ id, inputs, outputs, protect }, (_key, item: unknown) =>
      typeof item === "object" && item !== null && secretMark in item ? "a secret" : item,
    ),
  );

function updateOf({ kind, startTime, message, result, resourceChanges, environment }: HistoryEntry): StackUpdate {
  return {
    kind,
    startedAt: new Date(typeof startTime === "number" ? startTime * 1000 : startTime).toISOString(),
    message: message ?? "",
    result: result ?? "",
    changes: resourceChanges ?? {},
    withPack: environment?.["pulumi.flag.policy-pack"] !== undefined,
  };
}

/** By what an update is known again: the backend gives no number to them everywhere. 16 hexadecimal digits. */
export const updateId = (update: StackUpdate | undefined): string =>
  update === undefined ? "0".repeat(16) : digest([update.kind, update.startedAt, update.message]).slice(0, 16);

const digest = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
      : item,
  );
}
