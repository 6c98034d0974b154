import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { z } from "zod";
import type { Plain } from "../shared/canonical";
import { answerJson, bodyOf, jsonOf, Refusal } from "../shared/http";
import type { Logger } from "../shared/log";
import { callerNames } from "../shared/mutual-tls";
import type { Chain } from "./chain";
import type { Writer } from "./config";
import { doorDrafts } from "./door-refusals";
import { checkBody, type Receipt } from "./kinds";
import { kubernetesDraft, kubernetesDrafts } from "./kubernetes-audit";
import { logRecords } from "./log-records";
import type { LedgerMetrics } from "./metrics";
import type { SubjectKeys } from "./subject-keys";

const longestRecord = 65_536;
const longestEventList = 12_582_912;

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const person = z.string().min(1).max(512);
const submitted = z.strictObject({
  key: z
    .string()
    .min(8)
    .max(200)
    .regex(/^[\x21-\x7e]+$/),
  kind: z.string(),
  /** The person's name: it is on no record, only its pseudonym is. */
  person: person.optional(),
  /** SHA-256 of what was said, 64 hexadecimal digits each: only digests under the person's key go on the record. */
  digests: z.record(z.string().regex(/^[a-z][a-zA-Z]{0,30}$/), hex).default({}),
  body: z.record(z.string(), z.unknown()),
});

export interface ApiOptions {
  readonly chain: Chain;
  readonly subjects: SubjectKeys;
  readonly writers: readonly Writer[];
  readonly models: readonly string[];
  readonly metrics: LedgerMetrics;
  readonly log: Logger;
  readonly now: () => number;
  /** Why nothing may be taken, or undefined. */
  readonly refuses: () => Refusal | undefined;
}

const internal = () => new Refusal(500, "internal", "The ledger failed.");

type Handler = (request: IncomingMessage, writer: Writer) => Promise<object>;

const mayWrite = ({ kinds }: Writer, kind: string): boolean =>
  kinds.some((one) => (one.endsWith("*") ? kind.startsWith(one.slice(0, -1)) : one === kind));

/** The ledger's interface: append, the ways in for events of other systems, and what concerns subjects. */
export class Api {
  private readonly routes: Readonly<Record<string, Handler>>;

  public constructor(private readonly options: ApiOptions) {
    this.routes = {
      "POST /v1/records": (request, writer) => this.append(request, writer),
      "POST /v1/kubernetes-audit": (request, writer) => this.kubernetes(request, writer),
      "POST /v1/logs/door": (request, writer) => this.door(request, writer),
      "POST /v1/logs/kubernetes": (request, writer) => this.kubernetesLog(request, writer),
      "POST /v1/subjects/pseudonyms": (request, writer) => this.pseudonyms(request, writer),
      "POST /v1/subjects/erase": (request, writer) => this.erase(request, writer),
      "GET /v1/head": () => Promise.resolve(this.options.chain.state),
    };
  }

  public readonly listener: RequestListener = (request, response) => {
    this.answer(request).then(
      (value) => answerJson(response, 200, value),
      (error: unknown) => this.refuse(response, error),
    );
  };

  private async answer(request: IncomingMessage): Promise<object> {
    const names = callerNames(request);
    const writer = this.options.writers.find(({ name }) => names.includes(name));
    if (writer === undefined)
      throw new Refusal(403, "unknown_writer", "The certificate names no writer of this ledger.");
    const path = (request.url ?? "").split("?")[0] ?? "";
    const handler = this.routes[`${request.method ?? ""} ${path}`];
    if (handler === undefined) throw new Refusal(404, "unknown_path", "There is nothing at this path.");
    return handler(request, writer);
  }

  private refuse(response: ServerResponse, error: unknown): void {
    const { metrics, log } = this.options;
    const refusal = error instanceof Refusal ? error : internal();
    if (!(error instanceof Refusal)) log.error({ reason: String(error) }, "a request failed");
    metrics.refused.inc({ code: refusal.code });
    if (refusal.retryAfterSeconds !== undefined) response.setHeader("retry-after", String(refusal.retryAfterSeconds));
    answerJson(response, refusal.status, { error: { code: refusal.code, message: refusal.message } });
  }

  private async append(request: IncomingMessage, writer: Writer): Promise<Receipt> {
    const parsed = submitted.safeParse(jsonOf(await bodyOf(request, longestRecord)));
    if (!parsed.success) {
      const mistakes = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the record"}: ${message}`);
      throw new Refusal(400, "invalid_record", `This is no record: ${mistakes.join("; ")}.`);
    }
    const { key, kind, person, digests, body } = parsed.data;
    return this.record(writer, { key, kind, person, digests, body });
  }

  private async record(
    writer: Writer,
    { key, kind, person, digests, body }: z.infer<typeof submitted>,
  ): Promise<Receipt> {
    if (!mayWrite(writer, kind)) throw new Refusal(403, "kind_not_allowed", "This writer may not write this kind.");
    const checked = checkBody(kind, body) as Record<string, Plain>;
    const refusal = this.options.refuses();
    if (refusal !== undefined) throw refusal;
    if (person === undefined && Object.keys(digests).length > 0) {
      throw new Refusal(400, "digests_without_person", "Digests need a person, under whose key they are kept.");
    }
    const { chain, subjects, now } = this.options;
    const protectedFields = person === undefined ? {} : await subjects.protect(person, digests, now());
    return chain.append({ kind, key, writer: writer.name, ...protectedFields, body: checked });
  }

  private async kubernetes(request: IncomingMessage, writer: Writer): Promise<object> {
    const drafts = kubernetesDrafts(jsonOf(await bodyOf(request, longestEventList)));
    const appended = await Promise.all(drafts.map((draft) => this.record(writer, { ...draft, digests: {} })));
    return { recorded: appended.length };
  }

  /** By OTLP/HTTP: what the collector was not told that it is kept, it sends again. */
  private async door(request: IncomingMessage, writer: Writer): Promise<object> {
    const records = logRecords(jsonOf(await bodyOf(request, longestEventList)));
    const drafts = doorDrafts(records, this.options.models);
    return this.all(drafts.map((draft) => () => this.record(writer, { ...draft, digests: {} })));
  }

  /** By OTLP/HTTP, a line of the API server's log each. */
  private async kubernetesLog(request: IncomingMessage, writer: Writer): Promise<object> {
    const records = logRecords(jsonOf(await bodyOf(request, longestEventList)));
    return this.all(
      records.map(
        ({ text }) =>
          async () =>
            this.record(writer, { ...kubernetesDraft(text), digests: {} }),
      ),
    );
  }

  /**
   * Records all, in the words of OTLP. What can never be recorded is counted, and does not keep the others waiting.
   *
   * @throws Refusal 503 where it is worth another try: the collector gives up at any other failure.
   */
  private async all(appends: readonly (() => Promise<Receipt>)[]): Promise<object> {
    const outcomes = await Promise.allSettled(appends.map((append) => append()));
    const failures = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    const forNow = failures.find((reason) => !(reason instanceof Refusal) || reason.status >= 500);
    if (forNow !== undefined) {
      const { code, message, retryAfterSeconds = 1 } = forNow instanceof Refusal ? forNow : internal();
      throw new Refusal(503, code, message, retryAfterSeconds);
    }
    const [first] = failures as Refusal[];
    if (first === undefined) return {};
    if (first.status === 403) throw first;
    this.options.log.warn({ records: failures.length, reason: first.message }, "log records cannot be recorded");
    this.options.metrics.refused.inc({ code: first.code }, failures.length);
    return { partialSuccess: { rejectedLogRecords: String(failures.length), errorMessage: first.message } };
  }

  private async subject(request: IncomingMessage, writer: Writer): Promise<string> {
    if (!writer.subjects) throw new Refusal(403, "subjects_not_allowed", "This caller may not ask for subjects.");
    const parsed = z.strictObject({ person }).safeParse(jsonOf(await bodyOf(request, longestRecord)));
    if (!parsed.success) throw new Refusal(400, "no_person", "The body names no person.");
    return parsed.data.person;
  }

  private async pseudonyms(request: IncomingMessage, writer: Writer): Promise<object> {
    const { chain, subjects } = this.options;
    return { chain: chain.name, pseudonyms: subjects.pseudonyms(await this.subject(request, writer)) };
  }

  /** That a person was erased is itself on the record, before it happens; of whom, it does not say. */
  private async erase(request: IncomingMessage, writer: Writer): Promise<object> {
    const { chain, subjects, now } = this.options;
    const person = await this.subject(request, writer);
    const quarters = Object.keys(subjects.pseudonyms(person));
    const key = `subject.erased:${now()}:${quarters.join(",")}`;
    const body = { by: writer.name, quarters };
    const receipt = await chain.append({ kind: "subject.erased", key, writer: "ledger", body });
    return { chain: chain.name, erased: await subjects.erase(person), receipt };
  }
}
