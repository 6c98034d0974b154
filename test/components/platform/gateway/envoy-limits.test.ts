import { afterEach, beforeAll, afterAll, describe, expect, it } from "vitest";
import { rateLimitConfig, sharedLimit, type DoorLimits } from "../../../../components/platform/gateway/envoy-limits";
import { withEnvoy } from "./door-world";
import { claimsOf, signed } from "./issuer";
import { knock, type Answer } from "./knock";
import { PlayedRateLimit } from "./played-rate-limit";
import type { RunningEnvoy } from "./running-envoy";

const limits: DoorLimits = {
  person: { requestsPerMinute: 30, tokensPerHour: 100_000 },
  groups: [
    { group: "llm-users", requestsPerMinute: 300, tokensPerHour: 1_000_000 },
    { group: "research", requestsPerMinute: 600, tokensPerHour: 5_000_000 },
  ],
  // The machine of a test may be busy with others; it is not this time that is tried.
  timeoutMilliseconds: 5000,
};

describe("what the service that counts is told", () => {
  it("is each person's requests in a minute, and each group's", () => {
    expect(rateLimitConfig(limits)["door.yaml"]).toEqual({
      domain: "door",
      descriptors: [
        { key: "person", rate_limit: { unit: "minute", requests_per_unit: 30 } },
        { key: "group", value: "llm-users", rate_limit: { unit: "minute", requests_per_unit: 300 } },
        { key: "group", value: "research", rate_limit: { unit: "minute", requests_per_unit: 600 } },
      ],
    });
  });

  it("is their tokens in an hour", () => {
    expect(rateLimitConfig(limits)["tokens.yaml"]).toEqual({
      domain: "tokens",
      descriptors: [
        { key: "person", rate_limit: { unit: "hour", requests_per_unit: 100_000 } },
        { key: "group", value: "llm-users", rate_limit: { unit: "hour", requests_per_unit: 1_000_000 } },
        { key: "group", value: "research", rate_limit: { unit: "hour", requests_per_unit: 5_000_000 } },
      ],
    });
  });

  it.each(["a,b", "Ärzte", "", "a|.*"])("is no limit of a group %o, which could never be counted", (group) => {
    const groups = [{ group, requestsPerMinute: 1, tokensPerHour: 1 }];
    expect(() => sharedLimit({ ...limits, groups })).toThrow("cannot have a limit");
  });
});

withEnvoy("what persons and groups may use, with the real Envoy", (world) => {
  let counter: PlayedRateLimit;
  let door: RunningEnvoy;
  beforeAll(async () => {
    counter = await PlayedRateLimit.start(world().circles);
    door = await world().another({ limits }, {}, counter.port);
  });
  afterAll(async () => {
    await door?.stop();
    counter?.stop();
  });
  afterEach(() => {
    world().arrived.length = 0;
    counter.asked.length = 0;
    counter.over.clear();
  });

  const asked = async (claims: Record<string, unknown> = {}, port = door.at.door): Promise<Answer> => {
    const token = await signed(world().issuer, claimsOf(world().application, claims));
    return knock(world().chat("qwen3-8b", { port, headers: { authorization: `Bearer ${token}` } }));
  };

  it("is counted by the person and by each group with a limit", async () => {
    expect((await asked({ groups: ["staff", "research", "llm-users"] })).status).toBe(200);
    expect(counter.asked).toEqual([
      {
        domain: "door",
        descriptors: [[["person", "ada@example.com"]], [["group", "llm-users"]], [["group", "research"]]],
      },
    ]);
  });

  it.each([["llm-users-of-another"], ["not-llm-users"], ["llm.users"], ["LLM-users"]])(
    "is not counted as the group's by %s",
    async (group) => {
      await asked({ groups: [group, "research"] });
      expect(counter.asked.flatMap(({ descriptors }) => descriptors)).toEqual([
        [["person", "ada@example.com"]],
        [["group", "research"]],
      ]);
    },
  );

  it.each([
    ["a person", "person=ada@example.com"],
    ["one of several groups", "group=llm-users"],
  ])("is refused to %s whose limit is used up, and says so", async (_name, over) => {
    counter.over.add(over);
    const answer = await asked({ groups: ["research", "llm-users"] });
    expect(answer.status).toBe(429);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { type: "rate_limit_error", code: "rate_limit" } });
    expect(world().arrived).toEqual([]);
    expect((await asked({ sub: "grace@example.com", groups: ["research"] })).status).toBe(200);
  });

  it("is nothing that somebody without a valid token could use up", async () => {
    expect((await knock(world().api({ port: door.at.door, headers: { authorization: "" } }))).status).toBe(401);
    expect((await asked({ cnf: undefined })).status).toBe(401);
    expect(counter.asked).toEqual([]);
  });

  describe("where nobody can tell", () => {
    const refusedBehind = async (port: number): Promise<void> => {
      const alone = await world().another({ limits }, {}, port);
      try {
        const answer = await asked({}, alone.at.door);
        expect(answer.status).toBe(503);
        expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "unavailable" } });
        expect(world().arrived).toEqual([]);
      } finally {
        await alone.stop();
      }
    };

    it("is refused: the service is down", async () => {
      const gone = await PlayedRateLimit.start(world().circles);
      gone.stop();
      await refusedBehind(gone.port);
    });

    it("is refused: who answers has another service's certificate", async () => {
      const impostor = await PlayedRateLimit.start(world().circles, "mlflow.models.svc");
      await refusedBehind(impostor.port);
      expect(impostor.asked).toEqual([]);
      impostor.stop();
    });
  });
});
