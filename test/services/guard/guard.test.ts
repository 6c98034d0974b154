import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chat, GuardWorld } from "./guard-world";

let world: GuardWorld;
beforeEach(async () => {
  world = await GuardWorld.make();
});
afterEach(() => world.remove());

const kinds = (): string[] => world.records.map(({ kind }) => kind);
const body = (kind: string) => world.records.find((record) => record.kind === kind)?.body;
const stream = { stream: true };

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
