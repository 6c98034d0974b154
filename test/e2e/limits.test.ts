import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../scripts/lab/lab";
import { requestTools } from "../../scripts/lab/programs";
import { readEnvironment } from "../../stacks/environment";
import { tools } from "../rehearsal/tools";
import { application, LabClient } from "./lab-client";
import { GuardsClient, withinOne, type Told } from "./limits-client";

const perMinute = 8;
const perHour = 500;
// A word of a prompt is said again by the answer: two questions of so many words stay below it, and three do not.
const ofResearch = 5 * perHour;

describe("what persons and groups may use", async () => {
  const toolbox = await tools(...requestTools);
  const missing = (["envoy", "valkey-server"] as const).filter((name) => toolbox.find(name) === undefined);

  it.runIf(missing.length > 0)("is not exercised: a program is not available on this machine", () => {
    console.warn(`Limits were not exercised: ${missing.join(", ")} is not there.`);
  });

  describe.runIf(missing.length === 0)("with the real doors, guards, services that count and stores", () => {
    let directory: string;
    let lab: Lab;
    let guards: GuardsClient;
    let persons = 0;
    const somebody = (): string => `person-${(persons += 1)}@example.com`;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), "limits-"));
      const { platform, ...environment } = readEnvironment("on-prem");
      const groups = [...platform.people.groups, { name: "research", models: ["qwen3-8b" as const] }];
      const limits = {
        person: { requestsPerMinute: perMinute, tokensPerHour: perHour },
        groups: [{ group: "research", requestsPerMinute: 1000, tokensPerHour: ofResearch }],
      };
      lab = await Lab.start({
        environment: { ...environment, platform: { ...platform, people: { ...platform.people, groups }, limits } },
        directory,
        toolbox,
        progress: { step: (_title, work) => work(() => undefined), note: () => undefined },
        pacing: { firstToken: 0, eachToken: 0 },
      });
      guards = new GuardsClient(lab);
    });
    afterAll(async () => {
      await guards?.close();
      await lab?.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    /** Asks for little until nobody says any more that counts cannot be had. */
    async function onceCounted(guard: number, person: string): Promise<Told> {
      for (;;) {
        const told = await guards.ask(guard, person, 1);
        if (told.status !== 503) return told;
        expect(told.code).toBe("limits_unavailable");
      }
    }

    /** Whether a person is refused within so many small questions, which by themselves are far below the limit. */
    async function refusedSoon(guard: number, person: string): Promise<boolean> {
      for (let tries = 0; tries < 20; tries += 1) {
        if ((await onceCounted(guard, person)).status === 429) return true;
      }
      return false;
    }

    it("are requests in a minute, whichever door they come to", async () => {
      const doors = await Promise.all(
        lab.doors.map(async (port) => new LabClient(lab, await lab.token(application, "ada@example.com"), port)),
      );
      const list = async (at: number) => {
        const door = doors[at % doors.length];
        if (door === undefined) throw new Error("the lab has no door");
        const { statusCode, body } = await request(`https://${door.host}:${door.port}/v1/models`, {
          dispatcher: door.dispatcher,
          headers: { authorization: `Bearer ${door.token}` },
        });
        return { status: statusCode, text: await body.text() };
      };
      const answers = await withinOne(60, async () => {
        const all = [];
        for (let at = 0; at < perMinute + 2; at += 1) all.push(await list(at));
        return all;
      });
      expect(doors).toHaveLength(2);
      expect(answers.map(({ status }) => status)).toEqual([...Array<number>(perMinute).fill(200), 429, 429]);
      expect(answers.at(-1)?.text).toContain('"code":"rate_limit"');
      for (const door of doors) await door.close();
    });

    it("are tokens in an hour, whichever guard counted them, and nobody else's", async () => {
      const told = await withinOne(3600, async () => {
        const person = somebody();
        const first = await guards.ask(0, person, perHour);
        return [first, await guards.ask(1, person, 1), await guards.ask(1, somebody(), 1)];
      });
      expect(told.map(({ status }) => status)).toEqual([200, 429, 200]);
      expect(told[1]?.code).toBe("token_limit");
      expect(told[1]?.retryAfter).toBeGreaterThanOrEqual(1);
      expect(told[1]?.retryAfter).toBeLessThanOrEqual(3600);
    });

    it("are a group's, whoever of it used them", async () => {
      const told = await withinOne(3600, async () => {
        const all = [];
        for (let each = 0; each < 3; each += 1) all.push(await guards.ask(each % 2, somebody(), perHour, "research"));
        return [
          ...all,
          await guards.ask(1, somebody(), 1, "research"),
          await guards.ask(1, somebody(), 1, "llm-users"),
        ];
      });
      expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 429, 200]);
    });

    it("are still used up when all that counts was killed and is back", async () => {
      const kept = await withinOne(3600, async () => {
        const person = somebody();
        await guards.ask(0, person, perHour);
        const counting = lab.services.map(({ name }) => name).filter((name) => /^(valkey|ratelimit)-/.test(name));
        expect(counting).toHaveLength(8);
        for (const name of counting) await lab.restart(name, "SIGKILL");
        return [await refusedSoon(0, person), await refusedSoon(1, person), (await onceCounted(1, somebody())).status];
      });
      expect(kept).toEqual([true, true, 200]);
    });

    it("go on being counted while one store is away", async () => {
      process.kill(lab.pidOf("valkey-0"), "SIGKILL");
      for (let each = 0; each < 6; each += 1) expect((await onceCounted(each % 2, somebody())).status).toBe(200);
      const person = somebody();
      expect((await guards.ask(0, person, perHour)).status).toBe(200);
      expect(await refusedSoon(1, person)).toBe(true);
    });

    it("tell the stores a pseudonym of who used tokens", () => {
      const kept = readdirSync(join(directory, "pods"))
        .filter((pod) => pod.startsWith("gateway-valkey-"))
        .flatMap((pod) => {
          const folder = join(directory, "pods", pod, "data/appendonlydir");
          return readdirSync(folder).map((file) => readFileSync(join(folder, file), "latin1"));
        })
        .join("");
      expect(kept).toMatch(/tokens_person_[\w-]{43}_/);
      expect(kept).not.toContain("person-1@");
    });

    it("let nobody in where nobody counts", async () => {
      for (const name of ["ratelimit-ratelimit-0", "ratelimit-ratelimit-1"]) process.kill(lab.pidOf(name), "SIGKILL");
      const told = await guards.ask(0, somebody(), 1);
      expect(told).toEqual({ status: 503, code: "limits_unavailable", retryAfter: 1 });
      const door = new LabClient(lab, await lab.token(application, "ada@example.com"));
      const { statusCode, body } = await door.post({ model: "qwen3-8b" });
      expect([statusCode, await body.json()]).toMatchObject([503, { error: { code: "unavailable" } }]);
      await door.close();
    });
  });
});
