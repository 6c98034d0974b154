import { z } from "zod";
import { Refusal } from "../shared/http";

/** One log record, as far as anything here reads it. */
export interface LogRecord {
  /** Nanoseconds since 1970, when what it tells of happened. */
  readonly nanoseconds: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const value = z.object({ stringValue: z.string().optional() }).optional();
const attribute = z.object({ key: z.string(), value });
const time = z.string().regex(/^\d{1,20}$/);
const record = z.object({
  timeUnixNano: time.optional(),
  observedTimeUnixNano: time.optional(),
  body: value,
  attributes: z.array(attribute).default([]),
});
const scope = z.object({ logRecords: z.array(record).default([]) });
const resource = z.object({ scopeLogs: z.array(scope).default([]) });
const request = z.object({ resourceLogs: z.array(resource).default([]) });

const unset = (nanoseconds: string | undefined): string | undefined => (nanoseconds === "0" ? undefined : nanoseconds);

/**
 * The log records of an export by OTLP/HTTP in JSON; values that are no text count as none.
 *
 * @throws Refusal 400 for anything else.
 */
export function logRecords(document: unknown): LogRecord[] {
  const parsed = request.safeParse(document);
  if (!parsed.success) throw new Refusal(400, "no_logs", "The body is no export of logs by OTLP.");
  const records = parsed.data.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((one) => one.logRecords));
  return records.map(({ timeUnixNano, observedTimeUnixNano, body, attributes }) => ({
    nanoseconds: unset(timeUnixNano) ?? unset(observedTimeUnixNano) ?? "0",
    text: body?.stringValue ?? "",
    attributes: Object.fromEntries(attributes.map((one) => [one.key, one.value?.stringValue ?? ""])),
  }));
}
