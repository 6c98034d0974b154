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
