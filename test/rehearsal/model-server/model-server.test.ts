import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelServer } from "../../../rehearsal/model-server/model-server";

let server: ModelServer;
let client: OpenAI;
beforeEach(async () => {
  server = await ModelServer.start({ model: "qwen3-8b" });
  client = new OpenAI({ baseURL: `http://127.0.0.1:${server.port}/v1`, apiKey: "none", maxRetries: 0 });
});
afterEach(() => server.stop());

const say = (content: string) => ({
  model: "qwen3-8b",
  messages: [{ role: "user" as const, content }],
  max_tokens: 64,
});

describe("the stand-in for a model server, asked by OpenAI's own client", () => {
  it("answers whole, and counts", async () => {
    const answer = await client.chat.completions.create(say("say: Hello, world."));
    expect(answer.choices[0]?.message.content).toBe("Hello, world.");
    expect(answer.usage).toMatchObject({ prompt_tokens: 6, completion_tokens: 4 });
  });

  it("answers in pieces that add up to the same, and tells the tokens at the end", async () => {
    let text = "";
    let tokens: number | undefined;
    for await (const chunk of await client.chat.completions.create({ ...say("say: Hello, world."), stream: true })) {
      text += chunk.choices[0]?.delta.content ?? "";
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    expect([text, tokens]).toEqual(["Hello, world.", 4]);
  });

  it("calls tools", async () => {
    const answer = await client.chat.completions.create(say('call: look_up {"city":"Delft"}'));
    expect(answer.choices[0]?.finish_reason).toBe("tool_calls");
    expect(answer.choices[0]?.message.tool_calls).toMatchObject([
      { function: { name: "look_up", arguments: '{"city":"Delft"}' } },
    ]);
  });

  it.each([
    ["a model that is not there", { ...say("hi"), model: "gpt-5" }, 404],
    ["a temperature below nought", { ...say("hi"), temperature: -1 }, 400],
    ["a prompt that is too long", say("word ".repeat(9000)), 400],
    ["an engine that fails", say("fail: 500"), 500],
  ])("refuses %s as vLLM does", async (_name, body, status) => {
    await expect(client.chat.completions.create(body)).rejects.toMatchObject({ status });
  });

  it("breaks off, or reports an error, in the midst of a stream", async () => {
    const read = async (content: string): Promise<string> => {
      let text = "";
      for await (const chunk of await client.chat.completions.create({ ...say(content), stream: true })) {
        text += chunk.choices[0]?.delta.content ?? "";
      }
      return text;
    };
    await expect(read("cut-after: 2")).rejects.toThrow();
    await expect(read("error-after: 2")).rejects.toThrow();
  });

  it("notices when nobody waits any more", async () => {
    const stream = await client.chat.completions.create({ ...say("stall-after: 1"), stream: true });
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? "") !== "") stream.controller.abort();
    while (server.arrived[0]?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("remembers a prompt for the same salt alone", async () => {
    const hits: unknown[] = [];
    for (const cache_salt of ["one", "one", "two"]) {
      const body = { ...say("the same long prompt that fills several blocks of a cache"), cache_salt };
      hits.push((await client.chat.completions.create(body as never)).usage?.prompt_tokens_details?.cached_tokens);
    }
    expect(hits).toEqual([0, 3, 0]);
  });
});
