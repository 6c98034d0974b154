import { request as httpsRequest } from "node:https";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { usualEntities } from "../../../../components/presidio-entities";
import type { ModelBehaviour } from "../guard-world";
import { chat, GuardWorld, streamOf } from "../guard-world";
import { RunningPresidio } from "./running-presidio";
import { Circles, type Shown } from "../../../components/platform/gateway/circles";
import { tools } from "../../../rehearsal/tools";

/** A Finnish personal identity code, whose check is right: the guard's own rules know none. */
const code = "131052-308T";
const stream = { stream: true };
let circles: Circles;
let presidio: RunningPresidio;
let caller: Shown;
let world: GuardWorld;
const removed: Promise<void>[] = [];

beforeAll(async () => {
  circles = await Circles.make();
  caller = await circles.issue("callers", ["guard.gateway.svc"]);
});
afterAll(() => Promise.all(removed));
// A guard takes a second to leave: the next test need not wait for it.
afterEach(() => void removed.push(world.remove()));

const body = (kind: string) => world.records.find((record) => record.kind === kind)?.body;
const kinds = (): string[] => world.records.map(({ kind }) => kind);
const counted = async (outcome: string): Promise<number> => {
  const { values } = await world.metrics.analyses.get();
  return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
};

/** What the model answers; where it is asked to judge, what it says then. */
const says =
  (pieces: readonly string[], judgement = "safe"): ModelBehaviour =>
  ({ body: asked }, response) => {
    const judging = (asked["messages"] as { role: string }[])[0]?.role === "system";
    const content = judging ? judgement : pieces.join("");
    if (asked["stream"] !== true) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ id: "1", choices: [{ index: 0, message: { role: "assistant", content } }] }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(streamOf(...pieces).join(""));
  };

async function withPresidio(more: object = {}): Promise<void> {
  world = await GuardWorld.make((made) => {
    made.write("caller.crt", caller.chain);
    made.write("caller.key", caller.key);
    const tls = {
      certificate: made.path("caller.crt"),
      key: made.path("caller.key"),
      authority: made.path("services.pem"),
    };
    const serverName = "presidio.gateway.svc";
    const analyser = { kind: "presidio", url: presidio.url, serverName, tls, entities: usualEntities, ...more };
    return { analysers: [analyser] };
  }, circles);
}

async function withClassifier(more: object = {}): Promise<void> {
  const analyser = { kind: "classifier", model: "llama-3.1-8b-instruct", ...more };
  world = await GuardWorld.make({ analysers: [analyser] }, circles);
}

describe("Presidio beside the guard", async () => {
  const toolbox = await tools("presidio-analyzer");
  const python = toolbox.find("presidio-python") ?? "";

  it.runIf(python === "")("is not exercised: Presidio is not available on this machine", () => {
    console.warn(`Presidio was not exercised: ${toolbox.unavailable.get("presidio-analyzer") ?? "it is not there"}.`);
  });

  describe.runIf(python !== "")("running on loopback", () => {
    beforeAll(async () => {
      presidio = await RunningPresidio.start(python, circles, usualEntities);
    }, 120_000);
    afterAll(() => presidio?.stop());

    it("stops a request for what it alone knows in the prompt: nobody is answered, and a person is told", async () => {
      await withPresidio();
      // The model takes its time: it is the judgement that ends the request.
      world.behaviour = () => undefined;
      const answer = await world.ask(chat(`Her code is ${code}, please check it`));
      expect([answer.statusCode, await answer.body.json()]).toMatchObject([
        403,
        {
          error: {
            code: "quarantined",
            message: "The policy stopped the prompt: presidio.fi_personal_identity_code.",
          },
        },
      ]);
      expect(kinds()).toEqual(["request.asked", "incident.raised", "request.answered"]);
      const found = { rule: "presidio.fi_personal_identity_code", count: 1, action: "quarantine" };
      expect(body("request.answered")).toMatchObject({ outcome: "quarantined", status: 403, findings: [found] });
      expect(body("incident.raised")).toMatchObject({ where: "prompt", rules: [found.rule] });
      expect(world.held).toMatchObject([{ where: "prompt", text: expect.stringContaining(code) as string }]);
      while (world.arrived[0]?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    it("waits for nobody on a stream, and breaks it off", async () => {
      await withPresidio();
      world.behaviour = (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        const frames = streamOf(`The code is ${code} `, ...Array.from({ length: 12 }, () => "and so on ".repeat(10)));
        // Without its end: it would go on for ever.
        for (const one of frames.slice(0, -3)) response.write(one);
      };
      const text = await (await world.ask(chat("Who is it?", stream))).body.text();
      expect(text).toContain(code);
      expect(text).toMatch(/"code":"quarantined"/);
      expect(text).not.toMatch(/\[DONE\]/);
      expect(body("request.answered")).toMatchObject({ outcome: "quarantined", status: 200, counted: "estimated" });
      expect(body("incident.raised")).toMatchObject({ where: "answer" });
      while (world.arrived[0]?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 5));
    });

    it.each([true, false])("has judged all of an answer before its end is shown, stream: %s", async (streamed) => {
      await withPresidio({ action: "block" });
      world.behaviour = says(["The code ", "is 131052", "-308T ", "it is"]);
      const answer = await world.ask(chat("Who is it?", { stream: streamed }));
      const text = await answer.body.text();
      expect(text).toContain('"code":"blocked"');
      expect(text).not.toMatch(/\[DONE\]|"finish_reason":"stop"/);
      if (!streamed) expect([answer.statusCode, text.includes("131052")]).toEqual([403, false]);
      // What is blocked is recorded, and nothing is kept of it.
      expect(kinds()).toEqual(["request.asked", "request.answered"]);
      expect(body("request.answered")).toMatchObject({ outcome: "blocked" });
    });

    it("lets through what only looks like it", async () => {
      await withPresidio();
      world.behaviour = says(["The part ", "131052-308A ", "is there"]);
      const text = await (await world.ask(chat("Is 131052-308B there?", stream))).body.text();
      expect(text).toMatch(/\[DONE\]/);
      expect([await counted("clear"), await counted("found")]).toEqual([2, 0]);
    });

    // A port that nobody listens on.
    const away = { url: "https://127.0.0.1:1" };

    it("that is away stops what it would have judged, with the reason", async () => {
      await withPresidio(away);
      world.behaviour = () => undefined;
      const answer = await world.ask(chat("hi"));
      expect([answer.statusCode, await answer.body.json()]).toMatchObject([503, { error: { code: "not_judged" } }]);
      expect(body("request.answered")).toMatchObject({ outcome: "stopped", status: 503 });
      expect(await counted("none")).toBe(1);
    });

    it("that is away and not required is counted, and missed by nobody", async () => {
      await withPresidio({ ...away, required: false });
      world.behaviour = says(["Hello"]);
      const answer = await world.ask(chat(`hi ${code}`, stream));
      expect(await answer.body.text()).toMatch(/\[DONE\]/);
      expect([await counted("none"), await counted("found")]).toEqual([2, 0]);
    });

    it.each(["services", "nobody"])("lets in nobody but the guard: not %s", async (name) => {
      await withPresidio();
      const shown = name === "services" ? await circles.issue("services", ["envoy.gateway.svc"]) : undefined;
      const asked = new Promise((resolve, reject) => {
        const { port, hostname: address } = new URL(presidio.url);
        const credentials = shown === undefined ? {} : { cert: shown.chain, key: shown.key };
        const ca = circles.trust("services");
        const options = {
          host: address,
          port,
          path: "/health",
          ca,
          servername: "presidio.gateway.svc",
          ...credentials,
        };
        httpsRequest(options, resolve).once("error", reject).end();
      });
      await expect(asked).rejects.toThrow(/alert|reset|hang up/);
    });
  });
});

describe("a classifier", () => {
  it("stops what the model calls unsafe, and sees no more than the model would", async () => {
    await withClassifier();
    world.behaviour = (request, response) =>
      request.model === "qwen3-8b" ? undefined : says([], "unsafe\nS1, S9")(request, response);
    const answer = await world.ask(chat("SECRET plans"));
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([403, { error: { code: "quarantined" } }]);
    expect(body("incident.raised")).toMatchObject({
      where: "prompt",
      rules: ["classifier.unsafe", "classifier.s1", "classifier.s9"],
    });
    const judged = world.arrived.find(({ model }) => model === "llama-3.1-8b-instruct");
    expect(JSON.stringify(judged?.body)).toContain("[MASKED] plans");
    expect(JSON.stringify(judged?.body)).not.toContain("SECRET");
  });

  it("judges prompt and answer, and lets pass what is safe", async () => {
    await withClassifier();
    world.behaviour = says(["All ", "is well"], "safe");
    expect(await (await world.ask(chat("hi", stream))).body.text()).toMatch(/\[DONE\]/);
    expect(await counted("clear")).toBe(2);
    const asks = world.arrived.filter(({ model }) => model === "llama-3.1-8b-instruct");
    const texts = asks.map((one) =>
      (one.body["messages"] as { content: string }[])[1]?.content.split("\n").slice(1, -1),
    );
    expect(texts).toEqual([["hi"], ["All is well"]]);
    // What the guard itself asks is no request of anybody: two records are of the one that was.
    expect(kinds()).toEqual(["request.asked", "request.answered"]);
  });

  it("that says anything else has given no judgement", async () => {
    await withClassifier();
    world.behaviour = (request, response) =>
      request.model === "qwen3-8b" ? undefined : says([], "As you wish: safety first")(request, response);
    const answer = await world.ask(chat("say: safe"));
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([503, { error: { code: "not_judged" } }]);
  });
});
