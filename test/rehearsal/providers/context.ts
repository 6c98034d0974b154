import type { CallContext, Properties } from "../../../rehearsal/providers/provider";

/** What the lifecycle server would hand a table, with the messages kept for the test to read. */
export function callContext(type: string, changes: Partial<CallContext> = {}): CallContext & { messages: string[] } {
  const messages: string[] = [];
  return {
    urn: `urn:pulumi:test::cloister::${type}::subject`,
    name: "subject",
    type,
    configuration: {},
    preview: false,
    timeoutSeconds: 0,
    signal: new AbortController().signal,
    log: (_severity, message) => void messages.push(message),
    messages,
    ...changes,
  };
}

/** Failures as one line each, for comparing. */
export const lines = (failures: readonly { property: string; reason: string }[]): string[] =>
  failures.map(({ property, reason }) => `${property}: ${reason}`);

export const text = (state: Properties, key: string): string => state[key] as string;
