import { KitError } from "../components/kit-error";
import { RehearsalBusyError } from "../rehearsal/processes/process-table";
import { SetupError } from "../rehearsal/setup/setup-error";

/** What a machine reads of an error: `{ error: { kind, message, mistakes? } }`. */
export interface ErrorReport {
  readonly error: {
    /** `mistake`: a person's, told without a stack; `bug`: ours. */
    readonly kind: "mistake" | "bug";
    readonly message: string;
    readonly mistakes?: KitError["mistakes"];
  };
}

const ofPerson = (error: unknown): boolean =>
  error instanceof KitError || error instanceof SetupError || error instanceof RehearsalBusyError;

export function errorReport(error: unknown): ErrorReport {
  const message = error instanceof Error ? error.message : String(error);
  return {
    error: {
      kind: ofPerson(error) ? "mistake" : "bug",
      message,
      ...(error instanceof KitError ? { mistakes: error.mistakes } : {}),
    },
  };
}

/** A person's mistake is told without a stack; anything else is a bug of ours and shows where. */
export function tellError(error: unknown, json: boolean): void {
  const text = ofPerson(error) ? (error as Error).message : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  if (json) process.stdout.write(`${JSON.stringify(errorReport(error), null, 2)}\n`);
}
