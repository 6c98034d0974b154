import { canonical, present } from "../shared/canonical";
import type { LogRecord } from "./log-records";
import { sha256 } from "./record";

export interface DoorDraft {
  readonly key: string;
  readonly kind: "door.refused" | "door.unanswered";
  readonly body: Readonly<Record<string, string | number>>;
}

/** How the door says that the guard answered: then the guard has put the request on the record. */
const byTheGuard = "via_upstream";

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);
const requestNumber = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Envoy's sign for a value that is not there. */
const said = (text: string | undefined): string | undefined => (text === "" || text === "-" ? undefined : text);
const number = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** What a caller wrote is told only where it is one of what is known: it may be anything, and the record is under lock. */
const known = (text: string | undefined, all: (text: string) => boolean): string | undefined =>
  text === undefined || all(text) ? text : "other";

/**
 * What the door answered itself, as drafts. What the guard answered is left out, since it recorded that before.
 *
 * @param models catalogue names: another that a caller asked for is told as `other`.
 */
export function doorDrafts(records: readonly LogRecord[], models: readonly string[]): DoorDraft[] {
  return records.flatMap((record): DoorDraft[] => {
    const { attributes: told, nanoseconds } = record;
    const status = number(told["response.code"]) ?? 0;
    const unanswered = status === 0;
    if (!unanswered && (status < 400 || told["response.details"] === byTheGuard)) return [];
    const request = said(told["request.id"]);
    const body = present<string | number>({
      // Of a request that could not be read, it is the caller's own.
      request: request !== undefined && requestNumber.test(request) ? request : undefined,
      application: said(told["client.name"]),
      certificate: said(told["client.certificate"]),
      method: known(said(told["method"]), (text) => methods.has(text)),
      route: said(told["route"]),
      model: known(said(told["model"]), (text) => models.includes(text)),
      ...(unanswered ? {} : { status }),
      reason: said(told["refused"]),
      details: said(told["response.details"]),
      flags: said(told["response.flags"]),
      milliseconds: number(told["duration.milliseconds"]),
      received: number(told["bytes.received"]),
      sent: number(told["bytes.sent"]),
      at: new Date(Number(BigInt(nanoseconds) / 1_000_000n)).toISOString(),
    });
    // By all that is recorded, not by the request's number: nobody can use up a key that another's refusal needs.
    const key = `door:${sha256(canonical({ ...body, nanoseconds }))}`;
    return [{ key, kind: unanswered ? "door.unanswered" : "door.refused", body }];
  });
}
