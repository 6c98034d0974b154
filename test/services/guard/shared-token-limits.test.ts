import pino from "pino";
import { beforeEach, describe, expect, it } from "vitest";
import type { Identity } from "../../../services/guard/identity";
import { GuardMetrics } from "../../../services/guard/metrics";
import {
  decodeResponse,
  encodeRequest,
  type Counted,
  type Descriptor,
} from "../../../services/guard/rate-limit-messages";
import { SharedTokenLimits } from "../../../services/guard/shared-token-limits";

const ada: Identity = {
  application: "support-desk",
  person: "ada@example.com",
  groups: ["staff", "research"],
  certificate: "ab",
  request: undefined,
  trace: undefined,
};
const free: Counted = { remaining: 10, over: false, seconds: 100 };

/** Counts as it is told to, and remembers what it was asked. */
class Counting {
  public readonly asked: (readonly Descriptor[])[] = [];
  public answer: (descriptor: Descriptor) => Counted = () => free;
  public away = false;

  public count(domain: string, descriptors: readonly Descriptor[]): Promise<Counted[]> {
    expect(domain).toBe("tokens");
    this.asked.push(descriptors);
    return this.away ? Promise.reject(new Error("away")) : Promise.resolve(descriptors.map(this.answer));
  }

  public close(): void {
    this.away = true;
  }
}

describe("tokens that all guards count together", () => {
  let service: Counting;
  let limits: SharedTokenLimits;
  let metrics: GuardMetrics;
  beforeEach(() => {
    service = new Counting();
    metrics = new GuardMetrics();
    const key = Buffer.alloc(32, 1);
    limits = new SharedTokenLimits({
      ...{ service, key, metrics },
      groups: ["research", "sales"],
      log: pino({ level: "silent" }),
    });
  });
  const owed = async (): Promise<number | undefined> => (await metrics.tokensOwed.get()).values[0]?.value;

  it("are asked for without adding to them, for the person under another name, and for their groups with a limit", async () => {
    expect(await limits.exceeded(ada)).toBeUndefined();
    const [person, ...groups] = service.asked[0] ?? [];
    expect(person).toMatchObject({ key: "person", add: 0 });
    expect(person?.value).toMatch(/^[\w-]{43}$/);
    expect(groups).toEqual([{ key: "group", value: "research", add: 0 }]);
    await limits.exceeded({ ...ada, person: "grace@example.com" });
    expect(service.asked[1]?.[0]?.value).not.toBe(person?.value);
  });

  it.each([
    ["the person's are over", "person", { remaining: 0, over: true, seconds: 40 }],
    ["the group's are used up to the last", "group", { remaining: 0, over: false, seconds: 40 }],
  ])("refuse where %s", async (_name, key, counted) => {
    service.answer = (descriptor) => (descriptor.key === key ? counted : free);
    expect(await limits.exceeded(ada)).toMatchObject({ status: 429, code: "token_limit", retryAfterSeconds: 40 });
  });

  it.each([
    ["nobody answers", () => void (service.away = true)],
    ["no limit is known", () => void (service.answer = () => ({ ...free, remaining: undefined }))],
  ])("refuse where %s", async (_name, breakIt) => {
    breakIt();
    expect(await limits.exceeded(ada)).toMatchObject({ status: 503, code: "limits_unavailable" });
  });

  it("are added once an answer has ended", async () => {
    limits.charge(ada, 7);
    await limits.close(1000);
    expect(service.asked.map((all) => all.map(({ key, add }) => [key, add]))).toEqual([
      [
        ["person", 7],
        ["group", 7],
      ],
    ]);
    expect(await owed()).toBe(0);
  });

  it("are owed while nobody counts, and are the first that is counted then", async () => {
    service.away = true;
    limits.charge(ada, 7);
    limits.charge(ada, 5);
    expect(await limits.exceeded(ada)).toMatchObject({ status: 503 });
    expect(await owed()).toBe(12);
    service.away = false;
    await limits.close(1000);
    expect(service.asked.at(-1)?.map(({ add }) => add)).toEqual([12, 12]);
    expect(await owed()).toBe(0);
  });
});

describe("what travels to the service that counts", () => {
  it("says that nothing is to be added: left out, one would be", () => {
    const bytes = encodeRequest("d", [{ key: "k", value: "v", add: 0 }]).toString("hex");
    // domain "d"; one descriptor: an entry k, v; and a wrapper around a zero.
    expect(bytes).toBe("0a0164" + "120c" + "0a06" + "0a016b" + "120176" + "1a020800");
    expect(encodeRequest("d", [{ key: "k", value: "v", add: 5 }]).toString("hex")).toContain("1a020805");
  });

  it("is read back, whatever else it holds", () => {
    // overall OVER_LIMIT; a status OVER_LIMIT of 3 an hour, 90 s to go; a status without a limit.
    const hex = "0802" + "120c" + "0802" + "12040803" + "1003" + "2202085a" + "1202" + "0801";
    expect(decodeResponse(Buffer.from(hex, "hex"))).toEqual([
      { over: true, remaining: 0, seconds: 90 },
      { over: false, remaining: undefined, seconds: 0 },
    ]);
  });
});
