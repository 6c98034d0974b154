import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { tracing } from "../../../../components/platform/gateway/envoy-traces";
import { withEnvoy } from "./door-world";
import { knock } from "./knock";
import type { RunningEnvoy } from "./running-envoy";

const foreign = "4bf92f3577b34da6a3ce929d0e0e4736";
/** What a caller may say to have its request traced, and under its own number. */
const wished = {
  traceparent: `00-${foreign}-00f067aa0ba902b7-01`,
  tracestate: "secret=of-a-caller",
  baggage: "secret=of-a-caller",
  "x-client-trace-id": foreign,
  "x-envoy-force-trace": "true",
};

it("traces one request in a hundred where nothing else is said", () => {
  expect(tracing({})).toMatchObject({ random_sampling: { value: 1 } });
});

withEnvoy("traces, with the real Envoy", (world) => {
  let always: RunningEnvoy;
  let never: RunningEnvoy;
  beforeAll(async () => {
    always = await world().another({ traces: { percent: 100 } });
    never = await world().another({ traces: { percent: 0 } });
  });
  afterAll(async () => {
    await always?.stop();
    await never?.stop();
  });
  afterEach(() => {
    world().arrived.length = 0;
  });

  it("go to the collector and on to the guard, and hold nothing of a query, a person or a token", async () => {
    const path = "/v1/chat/completions?note=a-secret-in-the-query";
    // Five spans are sent at once; fewer wait for five seconds.
    for (let index = 0; index < 5; index += 1) await knock(world().chat("qwen3-8b", { port: always.at.door, path }));
    const [, trace, , flags] = String(world().arrived[0]?.headers["traceparent"]).split("-");
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(flags).toBe("01");
    const spans = await world().collector.holding("POST /v1/chat/completions", "spans");
    expect(spans).toContain(Buffer.from(trace ?? "", "hex").toString("latin1"));
    expect(spans).not.toMatch(/a-secret-in-the-query|ada@example/);
    expect(spans).not.toContain(world().token);
  });

  it("are the door's own, whatever a caller wishes", async () => {
    for (const { at } of [always, never, world().door])
      await knock(world().chat("qwen3-8b", { port: at.door, headers: wished }));
    const [traced, untraced, plain] = world().arrived.map((arrived) => arrived.headers);
    expect(traced?.["traceparent"]).toMatch(/-01$/);
    expect(untraced?.["traceparent"] ?? "-00").toMatch(/-00$/);
    expect(plain?.["traceparent"]).toBeUndefined();
    expect(JSON.stringify([traced, untraced, plain])).not.toMatch(new RegExp(`${foreign}|of-a-caller`));
  });
});
