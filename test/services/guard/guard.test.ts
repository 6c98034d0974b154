import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chat, GuardWorld, streamOf } from "./guard-world";

let world: GuardWorld;
beforeEach(async () => {
  world = await GuardWorld.make();
});
afterEach(() => world.remove());

const kinds = (): string[] => world.records.map(({ kind }) => kind);
const body = (kind: string) => world.records.find((record) => record.kind === kind)?.body;
const stream = { stream: true };
/** What a client of a stream is shown, without the frames around it. */
const contents = (text: string): string =>
  text
    .split("\n\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)) as { choices?: { delta?: { content?: string } }[] })
    .map(({ choices }) => choices?.[0]?.delta?.content ?? "")
    .join("");

describe("the record", () => {
  it("has the question before the model sees it, and the answer before the client sees its end", async () => {
    const seen: string[] = [];
    for (const ledger of world.ledgers) {
      ledger.before = (record) => {
        seen.push(`${record.kind} recorded, ${world.arrived.length} at the model`);
        return Promise.resolve();
      };
    }
    const answer = await world.ask(chat("hi", stream));
    expect(await answer.body.text()).toMatch(/\[DONE\]\n\n$/);
    expect(seen).toEqual(["request.asked recorded, 0 at the model", "request.answered recorded, 1 at the model"]);
    expect(body("request.asked")).toMatchObject({
      application: "support-desk",
      model: "qwen3-8b",
      request: "request-1",
      stream: true,
    });
    expect(body("request.answered")).toMatchObject({
      outcome: "answered",
      promptTokens: 3,
      answerTokens: 2,
      counted: "model",
    });
    expect(world.charged).toEqual([5]);
  });

  it("holds the end of a stream back until it has the answer", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    for (const ledger of world.ledgers)
      ledger.before = ({ kind }) => (kind === "request.answered" ? held : Promise.resolve());
    const answer = await world.ask(chat("hi", stream));
    let text = "";
    const reading = (async () => {
      for await (const piece of answer.body.setEncoding("utf8") as AsyncIterable<string>) text += piece;
    })();
    while (!text.includes("world")) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(text).not.toMatch(/"finish_reason":"stop"|\[DONE\]/);
    release();
    await reading;
    expect(text).toMatch(/"finish_reason":"stop"[^]*\[DONE\]/);
  });

  it("says nothing of what was said, but for digests", async () => {
    await (await world.ask(chat("a very private prompt", stream))).body.text();
    expect(JSON.stringify(world.records)).not.toMatch(/private prompt|Hello|world/);
  });

  it.each([
    [0, "silent"],
    [1, "silent"],
    [0, 503],
    [1, 507],
  ] as const)("is kept by the other replica where number %i is %s", async (number, does) => {
    for (const [index, ledger] of world.ledgers.entries()) ledger.does = index === number ? does : 200;
    const answer = await world.ask(chat("hi", stream));
    expect(await answer.body.text()).toMatch(/\[DONE\]\n\n$/);
    expect(world.ledgers.map((ledger) => ledger.records.length)).toEqual(number === 0 ? [0, 2] : [2, 0]);
  });

  it.each(["silent", 503, 507, 500] as const)(
    "is missed: nothing reaches a model where every replica is %s",
    async (does) => {
      for (const ledger of world.ledgers) ledger.does = does;
      const answer = await world.ask(chat("hi", stream));
      expect(answer.statusCode).toBe(503);
      expect(await answer.body.json()).toMatchObject({ error: { code: "ledger_unavailable" } });
      expect(world.arrived).toEqual([]);
    },
  );

  it("is missed in the midst of a stream: the stream is cut, and its end is never shown", async () => {
    for (const ledger of world.ledgers) ledger.does = (kind) => (kind === "request.answered" ? 503 : 200);
    const answer = await world.ask(chat("hi", stream));
    let text = "";
    const read = async (): Promise<void> => {
      for await (const piece of answer.body.setEncoding("utf8") as AsyncIterable<string>) text += piece;
    };
    await expect(read()).rejects.toThrow();
    expect(text).not.toMatch(/"finish_reason":"stop"|\[DONE\]/);
  });

  it("is missed after a whole answer: the client gets none of it", async () => {
    world.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: "words" } }] }));
    };
    for (const ledger of world.ledgers) ledger.does = (kind) => (kind === "request.answered" ? 503 : 200);
    const answer = await world.ask(chat("hi"));
    expect(answer.statusCode).toBe(503);
    expect(await answer.body.text()).not.toContain("words");
  });
});

describe("a prompt", () => {
  it("is masked before the model sees it, in every text it has", async () => {
    const tools = [{ type: "function", function: { name: "SECRET", parameters: { SECRET: { default: "SECRET" } } } }];
    await (
      await world.ask(chat([{ type: "text", text: "a SECRET" }], { ...stream, tools, stop: ["SECRET"] }))
    ).body.text();
    expect(JSON.stringify(world.arrived[0]?.body)).not.toContain("SECRET");
    expect(world.arrived[0]?.body["messages"]).toEqual([{ role: "user", content: "a [MASKED]" }]);
    expect(body("request.asked")?.["findings"]).toEqual([{ rule: "plain.secret", count: 5, action: "mask" }]);
  });

  it("is one text where its content is in parts", async () => {
    const parts = [
      { type: "text", text: "one" },
      { type: "text", text: "two" },
    ];
    await (await world.ask(chat(parts, stream))).body.text();
    expect(world.arrived[0]?.body["messages"]).toEqual([{ role: "user", content: "one\ntwo" }]);
  });

  it("that is blocked reaches no model, and is on the record", async () => {
    const answer = await world.ask(chat("please BLOCK this"));
    expect(answer.statusCode).toBe(403);
    expect(await answer.body.json()).toMatchObject({
      error: { code: "blocked", message: expect.stringContaining("plain.block") as string },
    });
    expect([kinds(), world.arrived]).toEqual([["request.refused"], []]);
  });

  it("that is quarantined is kept, raises an incident, and reaches no model", async () => {
    const answer = await world.ask(chat("HOLD this"));
    expect(answer.statusCode).toBe(403);
    expect(world.held).toMatchObject([
      { where: "prompt", person: "ada@example.com", text: expect.stringContaining("HOLD this") as string },
    ]);
    expect(kinds()).toEqual(["incident.raised", "request.refused"]);
    expect(body("incident.raised")).toMatchObject({ rules: ["plain.hold"], object: "guard/2026-01-01/one.age" });
    expect(world.arrived).toEqual([]);
  });

  it("is told the door's trace, and nothing else in its place", async () => {
    const traceparent = `00-${"4bf9".repeat(8)}-${"00f0".repeat(4)}-01`;
    for (const headers of [{ traceparent }, { traceparent: "a secret", tracestate: "a=secret" }, {}])
      await (await world.ask(chat("hi", stream), { headers })).body.text();
    expect(world.arrived.map(({ trace }) => trace)).toEqual([traceparent, undefined, undefined]);
  });

  it("is given a salt of its own person and application, whatever the client sent", async () => {
    const salts: unknown[] = [];
    for (const headers of [
      {},
      {},
      { "x-cloister-person": "bob@example.com" },
      { "x-cloister-application": "code-review" },
    ]) {
      await (await world.ask(chat("hi", { ...stream, cache_salt: "chosen" }), { headers })).body.text();
      salts.push(world.arrived.at(-1)?.body["cache_salt"]);
    }
    expect(salts[0]).toBe(salts[1]);
    expect(new Set(salts).size).toBe(3);
    expect(salts).not.toContain("chosen");
  });

  it.each([
    ["a key given twice", '{"model":"qwen3-8b","m\\u006fdel":"x","messages":[]}', "invalid_json"],
    ["what it does not know", chat("hi", { chat_template: "{{ x }}" }), "invalid_request"],
    ["log probabilities, which would tell masked text", chat("hi", { logprobs: true }), "invalid_request"],
    ["a picture's address", chat([{ type: "image_url", image_url: { url: "http://10.0.0.1/" } }]), "invalid_request"],
    [
      "a prototype",
      '{"model":"qwen3-8b","messages":[{"role":"user","content":"x"}],"__proto__":{}}',
      "invalid_request",
    ],
    ["no message", { model: "qwen3-8b", messages: [] }, "invalid_request"],
    ["deep nesting", `{"a":${"[".repeat(100)}${"]".repeat(100)}}`, "invalid_json"],
  ])("with %s is refused", async (_name, sent, code) => {
    const answer = await world.ask(sent);
    expect(answer.statusCode).toBe(400);
    expect(await answer.body.json()).toMatchObject({ error: { code } });
    expect(world.arrived).toEqual([]);
  });
});

describe("an answer", () => {
  const shown = async (...pieces: string[]): Promise<string> => {
    world.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(streamOf(...pieces).join(""));
    };
    return (await world.ask(chat("hi", stream))).body.text();
  };

  it("is shown piece by piece, with what is masked masked, also across pieces", async () => {
    const text = await shown("the SE", "CRET is ", "out");
    expect(contents(text)).toBe("the [MASKED] is out");
    expect(text).not.toContain("SECRET");
    expect(body("request.answered")?.["findings"]).toEqual([{ rule: "plain.secret", count: 1, action: "mask" }]);
  });

  it("that is blocked ends at once, and the model is stopped", async () => {
    world.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const one of streamOf("fine ", "BLOCK ", "never ").slice(0, 4)) response.write(one);
    };
    const text = await (await world.ask(chat("hi", stream))).body.text();
    expect(contents(text)).toBe("fine ");
    expect(text).toMatch(/"finish_reason":"content_filter"[^]*\[DONE\]/);
    expect(body("request.answered")).toMatchObject({ outcome: "blocked" });
    while (world.arrived[0]?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("that is quarantined is kept and raises an incident", async () => {
    await shown("to HOLD ", "back");
    expect(world.held).toMatchObject([{ where: "answer" }]);
    expect(kinds()).toEqual(["request.asked", "incident.raised", "request.answered"]);
  });

  it("tells no tokens where nobody asked, and the model server's count where somebody did", async () => {
    expect(await shown("Hello")).not.toContain("usage");
    const text = await (
      await world.ask(chat("hi", { stream: true, stream_options: { include_usage: true } }))
    ).body.text();
    expect(text).toContain('"usage":{"prompt_tokens":3');
    expect(world.arrived.map((one) => one.body["stream_options"])).toEqual([
      { include_usage: true },
      { include_usage: true },
    ]);
  });

  it("holds nothing but what clients know", async () => {
    world.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const leaky = {
        index: 0,
        delta: { content: "x " },
        logprobs: { content: [{ token: "SECRET" }] },
        token_ids: [7],
      };
      response.write(`data: ${JSON.stringify({ id: "1", choices: [leaky], prompt_token_ids: [1] })}\n\n`);
      response.end("data: [DONE]\n\n");
    };
    const text = await (await world.ask(chat("hi", stream))).body.text();
    expect(text).not.toMatch(/SECRET|token_ids/);
  });

  it("that breaks off is told as an error, and recorded as one", async () => {
    world.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamOf("half ")[1]);
      setTimeout(() => response.destroy(), 50);
    };
    const text = await (await world.ask(chat("hi", stream))).body.text();
    expect(text).toContain('"code":"model_error"');
    expect(text).not.toContain("[DONE]");
    expect(body("request.answered")).toMatchObject({ outcome: "model-error", counted: "estimated" });
  });

  it("nobody waits for any more is stopped at the model, and recorded", async () => {
    world.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(streamOf("first ")[1]);
    };
    const leaving = new AbortController();
    const answer = await world.ask(chat("hi", stream), { signal: leaving.signal });
    const read = (async () => {
      for await (const _piece of answer.body) leaving.abort();
    })();
    await expect(read).rejects.toThrow();
    while (!kinds().includes("request.answered")) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(body("request.answered")).toMatchObject({ outcome: "aborted-by-client" });
    expect(world.arrived[0]?.aborted).toBe(true);
  });

  it("that takes too long is ended", async () => {
    await world.remove();
    world = await GuardWorld.make({ requestTimeoutSeconds: 1 });
    world.behaviour = () => undefined;
    const answer = await world.ask(chat("hi", stream));
    expect([answer.statusCode, body("request.answered")?.["outcome"]]).toEqual([504, "timeout"]);
  });

  it.each([
    [400, 400, "SECRET is too long", "[MASKED] is too long"],
    [500, 503, "engine dead at 10.0.0.7", "The model is not available."],
  ])("of status %i is passed on as %i, examined", async (status, told, message, shownMessage) => {
    world.behaviour = (_request, response) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message } }));
    };
    const answer = await world.ask(chat("hi"));
    expect(answer.statusCode).toBe(told);
    expect(await answer.body.json()).toMatchObject({ error: { message: shownMessage } });
    expect(body("request.answered")).toMatchObject({ outcome: "model-error", status });
  });
});

describe("callers", () => {
  it("other than the door are refused", async () => {
    expect((await world.ask(chat("hi"), { caller: "mlflow.models.svc" })).statusCode).toBe(403);
    expect(world.records).toEqual([]);
  });

  it("without an identity are refused", async () => {
    expect((await world.ask(chat("hi"), { headers: { "x-cloister-person": "" } })).statusCode).toBe(401);
  });

  it("use the models of their groups and no other, and learn of no other", async () => {
    const refused = await world.ask({ ...chat("hi"), model: "llama-3.1-8b-instruct" });
    expect([refused.statusCode, kinds(), world.arrived]).toEqual([403, ["request.refused"], []]);
    const list = await (await world.ask("", { path: "/v1/models", method: "GET" })).body.json();
    expect((list as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(["qwen3-8b"]);
    const headers = { "x-cloister-groups": '["research"]' };
    expect((await world.ask({ ...chat("hi", stream), model: "llama-3.1-8b-instruct" }, { headers })).statusCode).toBe(
      200,
    );
    expect(world.arrived[0]?.model).toBe("llama-3.1-8b-instruct");
  });

  it.each(["/pause", "/v1/models", "/metrics", "/v1/chat/completions/", "/v1/%63ompletions"])(
    "find nothing at %s",
    async (path) => {
      expect((await world.ask(chat("hi"), { path })).statusCode).toBe(404);
      expect(world.arrived).toEqual([]);
    },
  );

  it("may not send more than the models take", async () => {
    expect((await world.ask(chat("x".repeat(300_000)))).statusCode).toBe(413);
  });
});
