import { createHash, randomUUID } from "node:crypto";
import type { FoundBeside } from "./analyse/watch";
import type { Applied } from "./examiner";
import type { Identity } from "./identity";
import type { LedgerClient, Receipt } from "./ledger-client";
import type { Held, Quarantine } from "./quarantine";
import type { Tally } from "./answer-chunks";

export type Outcome =
  "answered" | "blocked" | "quarantined" | "aborted-by-client" | "model-error" | "timeout" | "stopped";

export interface ExchangeOptions {
  readonly ledger: Pick<LedgerClient, "append">;
  readonly quarantine: Quarantine;
  readonly identity: Identity;
  readonly method: string;
  readonly path: string;
  readonly model?: string;
  readonly stream?: boolean;
  /** Digest of the policy that judges it. */
  readonly policy: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Where a stream ended before the model server had counted, a piece is taken for a token. */
const counted = ({ usage, pieces }: Tally): object =>
  usage === undefined
    ? { answerTokens: pieces, counted: "estimated" }
    : {
        ...(usage.prompt_tokens === undefined ? {} : { promptTokens: usage.prompt_tokens }),
        answerTokens: usage.completion_tokens ?? 0,
        counted: "model",
      };

/** One request and its answer, as the record tells of them. */
export class Exchange {
  private readonly id = randomUUID();
  private readonly began = Date.now();
  private receipt: Receipt | undefined;

  public constructor(private readonly options: ExchangeOptions) {}

  /** Milliseconds since it began. */
  public get milliseconds(): number {
    return Date.now() - this.began;
  }

  /** Puts on the record that this was asked. Only once it has resolved may the model see any of it. */
  public async asked(prompt: string, applied: readonly Applied[]): Promise<void> {
    this.receipt = await this.options.ledger.append({
      key: `${this.id}/asked`,
      kind: "request.asked",
      person: this.options.identity.person,
      digests: { prompt: sha256(prompt) },
      body: this.request(prompt, applied),
    });
  }

  /** Puts on the record that it was refused, before any model saw it; what is to be kept is kept first. */
  public async refused(
    prompt: string,
    applied: readonly Applied[],
    refusal: { readonly status: number; readonly reason: string; readonly quarantine: boolean },
  ): Promise<void> {
    const { status, reason } = refusal;
    if (refusal.quarantine) await this.incident("prompt", prompt, applied);
    await this.options.ledger.append({
      key: `${this.id}/refused`,
      kind: "request.refused",
      person: this.options.identity.person,
      digests: { prompt: sha256(prompt) },
      body: { ...this.request(prompt, applied), status, reason },
    });
  }

  /**
   * Puts on the record how it ended. Only once it has resolved may the client see the end of the answer.
   *
   * @param said texts of both sides; what is to be kept of them is kept first.
   * @param beside what analysers found.
   */
  public async answered(
    outcome: Outcome,
    status: number,
    tally: Tally | undefined,
    said: { readonly prompt: string; readonly answer: string },
    beside: readonly FoundBeside[] = [],
  ): Promise<void> {
    const inline = tally?.applied ?? [];
    for (const where of ["prompt", "answer"] as const) {
      const found = beside.flatMap((one) => (one.where === where ? one.applied : []));
      const applied = where === "answer" ? [...inline, ...found] : found;
      if (applied.some(({ action }) => action === "quarantine")) await this.incident(where, said[where], applied);
    }
    const findings = [...inline, ...beside.flatMap(({ applied }) => applied)];
    await this.options.ledger.append({
      key: `${this.id}/answered`,
      kind: "request.answered",
      person: this.options.identity.person,
      digests: { answer: sha256(said.answer) },
      body: {
        asked: this.receipt,
        outcome,
        status,
        ...(tally === undefined ? { counted: "none" } : counted(tally)),
        ...(tally === undefined ? {} : { answerCharacters: tally.characters }),
        ...(tally === undefined && findings.length === 0 ? {} : { findings }),
        milliseconds: this.milliseconds,
      },
    });
  }

  private request(prompt: string, applied: readonly Applied[]): Record<string, unknown> {
    const { identity, method, path, model, stream, policy } = this.options;
    return {
      ...(identity.request === undefined ? {} : { request: identity.request }),
      application: identity.application,
      groups: identity.groups,
      certificate: identity.certificate,
      method,
      path,
      ...(model === undefined ? {} : { model }),
      ...(stream === undefined ? {} : { stream }),
      promptCharacters: prompt.length,
      policy,
      findings: applied,
    };
  }

  private async incident(where: Held["where"], text: string, applied: readonly Applied[]): Promise<void> {
    const { identity, model = "", policy, quarantine, ledger } = this.options;
    const { application, person } = identity;
    const rules = applied.filter(({ action }) => action === "quarantine").map(({ rule }) => rule);
    const object = await quarantine.keep({ where, application, person, model, rules, policy, text });
    await ledger.append({
      key: `${this.id}/incident/${where}`,
      kind: "incident.raised",
      person,
      body: { ...(this.receipt === undefined ? {} : { asked: this.receipt }), severity: "high", rules, where, object },
    });
  }
}
