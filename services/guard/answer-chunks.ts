import {
  stops,
  strongest,
  sum,
  type Action,
  type Applied,
  type Examined,
  type Examiner,
  type StreamExaminer,
} from "./examiner";

type Fields = Record<string, unknown>;

export interface Usage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly total_tokens?: number;
  readonly prompt_tokens_details?: unknown;
}

/** What an answer has come to so far. */
export interface Tally {
  readonly applied: readonly Applied[];
  readonly action: Action;
  readonly usage: Usage | undefined;
  /** Characters of the answer as the client gets it. */
  readonly characters: number;
  /** Pieces with text, which are about as many as tokens. */
  readonly pieces: number;
}

/** Texts that a piece of an answer may hold, besides the arguments of tools. */
const textFields = ["content", "reasoning_content", "reasoning", "refusal"] as const;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The stream of one answer, chunk by chunk. Each text of each choice goes through an examiner of its own; what it holds back
 * comes with a later chunk. A chunk is written anew from the fields that clients know: what else a model server may say of
 * the tokens would tell what was masked.
 */
export class AnswerChunks {
  private readonly texts = new Map<string, StreamExaminer>();
  private applied: readonly Applied[] = [];
  private action: Action = "allow";
  private usage: Usage | undefined;
  private characters = 0;
  private pieces = 0;
  private last: Fields = {};
  private readonly finished = new Set<number>();

  public constructor(
    private readonly examiner: Examiner,
    /** The client asked to be told the tokens. */
    private readonly tellUsage: boolean,
    /** Told every piece of text that goes on, and which text it belongs to. */
    private readonly onText: (key: string, text: string) => void = () => undefined,
  ) {}

  public get tally(): Tally {
    const { applied, action, usage, characters, pieces } = this;
    return { applied, action, usage, characters, pieces };
  }

  /** Takes a chunk of the model server. @returns what may go on now, and what has to wait until the answer is recorded. */
  public take(chunk: Fields): { readonly now: Fields[]; readonly atEnd: Fields[] } {
    if (isFields(chunk["usage"])) this.usage = chunk["usage"];
    const choices = (Array.isArray(chunk["choices"]) ? chunk["choices"] : []).filter(isFields);
    this.last = chunk;
    if (choices.length === 0) {
      const usage = this.tellUsage && isFields(chunk["usage"]) ? [this.rewritten([], this.usage)] : [];
      return { now: [], atEnd: usage };
    }
    const now: Fields[] = [];
    const atEnd: Fields[] = [];
    for (const choice of choices) {
      const { running, ended } = this.choice(choice);
      if (running !== undefined) now.push(running);
      if (ended !== undefined) atEnd.push(ended);
    }
    return {
      now: now.length > 0 ? [this.rewritten(now)] : [],
      atEnd: atEnd.length > 0 ? [this.rewritten(atEnd)] : [],
    };
  }

  /** The chunk that ends an answer which the policy stopped. */
  public stopped(): Fields {
    return this.rewritten([{ index: 0, ...this.emptyText(), finish_reason: "content_filter", logprobs: null }]);
  }

  private choice(choice: Fields): { running?: Fields; ended?: Fields } {
    const index = typeof choice["index"] === "number" ? choice["index"] : 0;
    const delta = isFields(choice["delta"]) ? choice["delta"] : undefined;
    const finish = typeof choice["finish_reason"] === "string" ? choice["finish_reason"] : null;
    const said =
      delta === undefined ? { text: this.text(`${index} text`, choice["text"]) } : { delta: this.delta(index, delta) };
    const first = delta?.["role"] !== undefined;
    const base = { index, logprobs: null };
    if (finish === null) {
      return this.holds(said) || first ? { running: { ...base, ...said, finish_reason: null } } : {};
    }
    if (this.finished.has(index)) return {};
    this.finished.add(index);
    const flushed = this.flush(index, said);
    const ended = { ...base, ...this.emptyText(), finish_reason: finish };
    return this.holds(flushed) || first ? { running: { ...base, ...flushed, finish_reason: null }, ended } : { ended };
  }

  private emptyText(): Fields {
    return this.last["object"] === "text_completion" ? { text: "" } : { delta: {} };
  }

  private holds(said: Fields): boolean {
    if (typeof said["text"] === "string") return said["text"] !== "";
    return Object.values(said["delta"] ?? {}).some((value) => value !== "");
  }

  private text(key: string, value: unknown): string {
    if (typeof value !== "string") return "";
    let examiner = this.texts.get(key);
    if (examiner === undefined) this.texts.set(key, (examiner = this.examiner.answerStream()));
    if (value !== "") this.pieces += 1;
    return this.released(key, examiner.push(value));
  }

  private released(key: string, { text, applied, action }: Examined): string {
    if (applied.length > 0) this.applied = sum([this.applied, applied]);
    this.action = strongest([this.action, action]);
    this.characters += text.length;
    // What came before a finding that stops the answer is not shown either: nobody sees half of it.
    if (stops(action)) return "";
    this.onText(key, text);
    return text;
  }

  private delta(index: number, delta: Fields): Fields {
    const out: Fields = {};
    if (typeof delta["role"] === "string") out["role"] = delta["role"];
    for (const field of textFields) {
      if (typeof delta[field] === "string") out[field] = this.text(`${index} ${field}`, delta[field]);
    }
    if (Array.isArray(delta["tool_calls"])) {
      out["tool_calls"] = delta["tool_calls"].filter(isFields).map((call) => this.toolCall(index, call));
    }
    return out;
  }

  private toolCall(index: number, call: Fields): Fields {
    const number = typeof call["index"] === "number" ? call["index"] : 0;
    const asked = isFields(call["function"]) ? call["function"] : {};
    // A name comes whole; it is examined as a text of its own.
    const name =
      typeof asked["name"] === "string" ? { name: this.released("name", this.examiner.answer(asked["name"])) } : {};
    const given = this.text(`${index} tool ${number}`, asked["arguments"]);
    return {
      index: number,
      ...(typeof call["id"] === "string" ? { id: call["id"] } : {}),
      ...(typeof call["type"] === "string" ? { type: call["type"] } : {}),
      function: { ...name, arguments: given },
    };
  }

  /** Adds what the examiners of a choice still hold to what its last chunk said. */
  private flush(index: number, said: Fields): Fields {
    const out: Fields = { ...said };
    const delta: Fields = { ...(isFields(said["delta"]) ? said["delta"] : {}) };
    for (const [key, examiner] of this.texts) {
      const [own, field = "", number] = key.split(" ");
      if (Number(own) !== index) continue;
      const rest = this.released(key, examiner.end());
      this.texts.delete(key);
      if (rest === "") continue;
      if (field === "text") out["text"] = `${typeof said["text"] === "string" ? said["text"] : ""}${rest}`;
      else if (field === "tool") {
        const calls = Array.isArray(delta["tool_calls"]) ? delta["tool_calls"] : [];
        delta["tool_calls"] = [...(calls as Fields[]), { index: Number(number), function: { arguments: rest } }];
      } else delta[field] = `${typeof delta[field] === "string" ? delta[field] : ""}${rest}`;
    }
    return said["delta"] === undefined ? out : { ...out, delta };
  }

  private rewritten(choices: readonly Fields[], usage?: Usage): Fields {
    const { id, object, created, model } = this.last;
    return { id, object, created, model, choices, ...(this.tellUsage ? { usage: usage ?? null } : {}) };
  }
}
