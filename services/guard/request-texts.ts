import { z } from "zod";
import { jsonOf, Refusal } from "../shared/http";

const name = z.string().max(256);
const fraction = z.number();

const textPart = z.strictObject({
  type: z.enum(["text", "input_text", "refusal"]),
  text: z.string().optional(),
  refusal: z.string().optional(),
});
const content = z.union([z.string(), z.array(textPart)]).nullish();
const toolCall = z.strictObject({
  id: name,
  type: z.literal("function"),
  function: z.strictObject({ name, arguments: z.string() }),
});
const message = z.strictObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content,
  name: name.optional(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCall).optional(),
  tool_call_id: name.optional(),
});
/** Schemas of tools and answers are nested freely; every text in them is examined. */
const schema = z.record(z.string(), z.unknown());

/** What all three paths take. Absent from the lists is what would go around the guard: logprobs, echo and token ids tell masked
 * text, chat templates and multi-modal addresses run or fetch what the caller says, cache and transfer settings cross tenants. */
const sampling = {
  model: name,
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: fraction.min(0).max(2).nullish(),
  top_p: fraction.min(0).max(1).nullish(),
  n: z.int().min(1).max(16).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  max_tokens: z.int().min(1).nullish(),
  presence_penalty: fraction.min(-2).max(2).nullish(),
  frequency_penalty: fraction.min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  user: z.string().max(512).nullish(),
  cache_salt: z.string().max(512).nullish(),
  // What clients send as their default, and means the same as saying nothing.
  logprobs: z.union([z.literal(false), z.literal(0)]).nullish(),
};

const shapes = {
  "/v1/chat/completions": z.strictObject({
    ...sampling,
    messages: z.array(message).min(1),
    max_completion_tokens: z.int().min(1).nullish(),
    response_format: schema.nullish(),
    tools: z.array(schema).max(128).nullish(),
    tool_choice: z.union([z.string().max(64), schema]).nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    reasoning_effort: z.string().max(32).nullish(),
    store: z.literal(false).nullish(),
  }),
  "/v1/completions": z.strictObject({
    ...sampling,
    prompt: z.union([z.string(), z.array(z.string()).min(1).max(64)]),
    echo: z.literal(false).nullish(),
  }),
  "/v1/embeddings": z.strictObject({
    model: name,
    input: z.union([z.string(), z.array(z.string()).min(1).max(2048)]),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    dimensions: z.int().min(1).max(65_536).nullish(),
    user: z.string().max(512).nullish(),
  }),
} as const;

export type ModelPath = keyof typeof shapes;
export const modelPaths = Object.keys(shapes) as ModelPath[];

/** A request that was taken apart; what goes on to the model is written anew from it. */
export interface ModelRequest {
  readonly path: ModelPath;
  readonly model: string;
  readonly stream: boolean;
  /** The caller wants to be told the tokens at the end of a stream. */
  readonly usage: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Parses a request, once for the whole way.
 *
 * @throws Refusal 400 with every mistake: a repeated key, an unknown field, a wrong value. No value is repeated in it.
 */
export function parseRequest(path: ModelPath, text: string): ModelRequest {
  const parsed = shapes[path].safeParse(jsonOf(text));
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path: at, message: what }) => `${at.join(".") || "the body"}: ${what}`);
    throw new Refusal(400, "invalid_request", `The request cannot be passed on: ${mistakes.slice(0, 20).join("; ")}.`);
  }
  const fields: Record<string, unknown> = { ...parsed.data };
  for (const unused of ["user", "store", "logprobs", "echo", "cache_salt"]) delete fields[unused];
  if (Array.isArray(fields["messages"])) fields["messages"] = fields["messages"].map(joined);
  const options = fields["stream_options"] as { include_usage?: boolean } | null | undefined;
  const stream = fields["stream"] === true;
  return { path, model: parsed.data.model, stream, usage: options?.include_usage === true, fields };
}

/** No text of the caller's own: it is on the list of models. */
const untouched = "model";

/**
 * Every text of a request, changed by `change`: names of fields and numbers within tools' schemas too, since a model reads
 * them. What the caller may name freely can hold what the policy forbids.
 */
export function mapTexts(
  fields: Readonly<Record<string, unknown>>,
  change: (text: string) => string,
): Record<string, unknown> {
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return change(value);
    if (typeof value === "number") {
      const said = change(String(value));
      return said === String(value) ? value : said;
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), walk(each)]));
  };
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      const settings = typeof value === "number" || key === untouched;
      return [key, settings ? value : walk(value)];
    }),
  );
}

/** A message whose content is in parts is one text, as the model server would make it one: what is split over parts is found. */
function joined(value: unknown): unknown {
  const one = value as z.infer<typeof message>;
  if (!Array.isArray(one.content)) return one;
  return { ...one, content: one.content.map((part) => part.text ?? part.refusal ?? "").join("\n") };
}
