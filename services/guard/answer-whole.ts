import type { Tally, Usage } from "./answer-chunks";
import { stops, strongest, sum, type Action, type Applied, type Examiner } from "./examiner";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields of an answer that clients know; what else a model server may say of tokens would tell what was masked. */
const shown = ["id", "object", "created", "model", "choices", "usage", "data"];
const hidden = new Set([
  "logprobs",
  "token_ids",
  "prompt_token_ids",
  "prompt_logprobs",
  "kv_transfer_params",
  "stop_reason",
]);

/** Texts in which a person's words may be; the others are names and settings of the protocol. */
const bare = new Set(["id", "object", "model", "role", "type", "finish_reason", "embedding"]);

export interface WholeAnswer {
  readonly answer: Fields;
  readonly tally: Tally;
  /** Every text of it, as the client gets it. */
  readonly texts: readonly string[];
}

/** An answer that came in one piece, examined and written anew. */
export function examineAnswer(examiner: Examiner, answer: Fields): WholeAnswer {
  const texts: string[] = [];
  const applied: Applied[][] = [];
  const found: Action[] = [];
  let characters = 0;
  const text = (value: string): string => {
    const examined = examiner.answer(value);
    applied.push([...examined.applied]);
    found.push(examined.action);
    characters += examined.text.length;
    texts.push(examined.text);
    return examined.text;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return bare.has(key) ? value : text(value);
    if (Array.isArray(value)) {
      // Vectors are numbers: they are passed on as they are.
      return typeof value[0] === "number" ? (value as unknown) : value.map((each) => walk(each, key));
    }
    if (!isFields(value)) return value;
    const kept = Object.entries(value).filter(([name]) => !hidden.has(name));
    return Object.fromEntries(kept.map(([name, each]) => [name, walk(each, name)]));
  };
  const out = Object.fromEntries(
    shown
      .filter((name) => name in answer)
      .map((name) => [name, name === "usage" ? answer[name] : walk(answer[name], name)]),
  );
  const action = strongest(found);
  const usage = isFields(answer["usage"]) ? (answer["usage"] as Usage) : undefined;
  const choices = Array.isArray(answer["choices"]) ? answer["choices"].length : 0;
  const tally = { applied: sum(applied), action, usage, characters, pieces: choices };
  return { answer: stops(action) ? withheld(out) : out, tally, texts };
}

/** The same answer with nothing in it, and why. */
function withheld(answer: Fields): Fields {
  const choices = Array.isArray(answer["choices"]) ? answer["choices"].filter(isFields) : [];
  return {
    ...answer,
    choices: choices.map(({ index, text }) => ({
      index,
      ...(text === undefined ? { message: { role: "assistant", content: "" } } : { text: "" }),
      finish_reason: "content_filter",
    })),
  };
}
