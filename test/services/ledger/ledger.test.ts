import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LedgerRecord } from "../../../services/ledger/record";
import { FolderSource } from "../../../services/ledger/verify/source";
import { verifyLedger, type VerifyReport } from "../../../services/ledger/verify/verify";
import { draft, LedgerWorld } from "./ledger-world";

/** Certificates of these tests count from an hour ago: a head of another year would be signed by nobody. */
const noon = Date.now();
const year = 365 * 86_400_000;

let world: LedgerWorld;
beforeEach(async () => {
  world = await LedgerWorld.make();
});
afterEach(() => world.remove());

/** What a copy of the bucket proves. */
async function verified(): Promise<{ report: VerifyReport; records: LedgerRecord[] }> {
  const folder = mkdtempSync(join(tmpdir(), "bucket-"));
  world.store.copyTo(folder);
  const records: LedgerRecord[] = [];
  const options = { roots: world.roots, onRecord: (record: LedgerRecord) => void records.push(record) };
  const report = await verifyLedger(new FolderSource(folder), options);
  rmSync(folder, { recursive: true });
  return { report, records };
}

const journal = (): string[] => readdirSync(world.path("data/journal")).sort();

describe("appending", () => {
  it("acknowledges with a place in the chain, and the bucket alone proves it", async () => {
    await world.start();
    const first = await world.append("request-1/asked");
    const second = await world.append("request-2/asked");
    expect(first).toMatchObject({ status: 200, body: { sequence: 2 } });
    expect(second).toMatchObject({ status: 200, body: { sequence: 3, chain: first.body.chain } });
    await world.stop();
    const { report, records } = await verified();
    expect(report).toMatchObject({ verdict: "sound", chains: [{ records: 3 }] });
    expect(records.map(({ kind, hash }) => [kind, hash]).slice(1)).toEqual([
      ["request.asked", first.body.hash],
      ["request.asked", second.body.hash],
    ]);
  });

  it("holds no name of a person and no digest that could be guessed", async () => {
    await world.start();
    await world.append("request-1/asked");
    await world.stop();
    const all =
      [...world.store.objects.values()].join("") +
      journal()
        .map((name) => readFileSync(world.path(`data/journal/${name}`), "utf8"))
        .join("");
    expect(all).toContain("request-1/asked");
    expect(all).not.toContain("ada@example.com");
    expect(all).not.toContain("ab".repeat(32));
  });

  it("records a key once, however often and however fast it is sent", async () => {
    await world.start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.append("request-1/asked")));
    expect(new Set(answers.map(({ body }) => body.hash)).size).toBe(1);
    await world.stop();
    await world.start();
    expect((await world.append("request-1/asked")).body).toEqual(answers[0]?.body);
    await world.stop();
    expect((await verified()).records.filter(({ kind }) => kind === "request.asked")).toHaveLength(1);
  });

  it("refuses a key that said something else", async () => {
    await world.start();
    await world.append("request-1/asked");
    const other = await world.append("request-1/asked", { body: { ...draft("").body, model: "another" } });
    expect(other).toMatchObject({ status: 409, body: { error: { code: "key_reused" } } });
  });

  it.each([
    [
      "another writer's kind",
      "guard.gateway.svc",
      draft("key-00001", { kind: "registry.changed", body: {} }),
      403,
      "kind_not_allowed",
    ],
    ["an unknown writer", "mlflow.models.svc", draft("key-00001"), 403, "unknown_writer"],
    ["an unknown kind", "guard.gateway.svc", draft("key-00001", { kind: "request.guessed" }), 400, "unknown_kind"],
    [
      "a prototype's name for a kind",
      "guard.gateway.svc",
      draft("key-00001", { kind: "request.constructor" }),
      400,
      "unknown_kind",
    ],
    [
      "a body with a field too many",
      "guard.gateway.svc",
      draft("key-00001", { body: { ...draft("").body, prompt: "hello" } }),
      400,
      "invalid_record",
    ],
    [
      "a prompt in a field that takes a word",
      "guard.gateway.svc",
      draft("key-00001", { body: { ...draft("").body, model: "a\nb" } }),
      400,
      "invalid_record",
    ],
    [
      "a fraction",
      "guard.gateway.svc",
      draft("key-00001", { body: { ...draft("").body, promptCharacters: 1.5 } }),
      400,
      "invalid_record",
    ],
    [
      "a key given twice",
      "guard.gateway.svc",
      '{"key":"key-00001","kind":"request.asked","k\\u0069nd":"x"}',
      400,
      "invalid_json",
    ],
    ["no JSON", "guard.gateway.svc", "{", 400, "invalid_json"],
    ["too much", "guard.gateway.svc", `"${"x".repeat(70_000)}"`, 413, "too_large"],
    ["a short key", "guard.gateway.svc", draft("k"), 400, "invalid_record"],
  ])("refuses %s", async (_name, caller, body, status, code) => {
    await world.start();
    expect(await world.call("POST", "/v1/records", body, caller)).toMatchObject({ status, body: { error: { code } } });
    await world.stop();
    expect((await verified()).records.map(({ kind }) => kind)).toEqual(["ledger.opened"]);
  });

  it("takes no more than it can hold, and says when to come back", async () => {
    await world.start({ queue: 1 });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => world.append(`request-${index}/asked`)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body.error?.code).toBe("queue_full");
    await world.stop();
    const recorded = (await verified()).records.filter(({ kind }) => kind === "request.asked");
    expect(recorded).toHaveLength(answers.length - refused.length);
  });
});

describe("after a crash", () => {
  it("cuts off a line that was half written, and says so on the record", async () => {
    await world.start({ seal: { afterMilliseconds: 60_000 } });
    const before = await world.append("request-1/asked");
    await world.stop();
    appendFileSync(world.path("data/journal/0000000002.ndjson"), '{"version":1,"cha');
    await world.start();
    expect((await world.append("request-2/asked")).body.sequence).toBe(before.body.sequence + 2);
    await world.stop();
    const { report, records } = await verified();
    expect(report.verdict).toBe("sound");
    expect(records.filter(({ kind }) => kind === "ledger.opened").at(-1)?.body).toEqual({ after: 2, tornBytes: 17 });
  });

  it.each([
    ["an altered record", (text: string) => text.replace("support-desk", "support-dest")],
    ["a record taken out", (text: string) => text.split("\n").toSpliced(1, 1).join("\n")],
    ["a head taken out", (text: string) => `${text.trimEnd().split("\n").slice(0, -1).join("\n")}\n`],
  ])("does not start on %s", async (_name, alter) => {
    await world.start({ seal: { afterMilliseconds: 60_000 } });
    await world.append("request-1/asked");
    await world.append("request-2/asked");
    await world.stop();
    await world.start();
    await world.stop();
    const path = world.path("data/journal/0000000001.anchored.ndjson");
    writeFileSync(path, alter(readFileSync(path, "utf8")));
    await expect(world.start()).rejects.toThrow(/0000000001/);
  });

  it("does not take another replica's disk for its own", async () => {
    await world.start();
    await world.stop();
    await expect(world.start({ name: "ledger-1" })).rejects.toThrow("none of ledger-1's");
  });

  it("records a request that got no answer as interrupted", async () => {
    world.clock = noon;
    await world.start();
    const open = await world.append("request-1/asked");
    const closed = await world.append("request-2/asked");
    const body = { asked: closed.body, outcome: "answered", status: 200, milliseconds: 5 };
    await world.call("POST", "/v1/records", { key: "request-2/answered", kind: "request.answered", body });
    await world.stop();
    world.clock += 3_600_000;
    await world.start();
    await world.interruptionsClosed();
    await world.stop();
    const interrupted = (await verified()).records.filter(({ kind }) => kind === "request.interrupted");
    expect(interrupted.map((record) => record.body)).toEqual([
      { asked: { chain: open.body.chain, sequence: open.body.sequence }, reason: "no-answer-recorded" },
    ]);
  });
});

describe("clock and bucket", () => {
  it("keeps time from running backwards, and says what the clock said", async () => {
    world.clock = noon;
    await world.start();
    await world.append("request-1/asked");
    world.clock = noon - year;
    await world.append("request-2/asked");
    await world.stop();
    const { report, records } = await verified();
    expect(report.verdict).toBe("sound");
    expect(records.at(-1)).toMatchObject({
      time: new Date(noon).toISOString(),
      clock: new Date(noon - year).toISOString(),
    });
  });

  it("takes a clock that leaps ahead and comes back for what it is: nothing is lost, and segments are sealed", async () => {
    world.clock = noon;
    await world.start();
    const leap = 3_600_000;
    let count = 0;
    for (const at of [noon, noon + leap, noon - leap, noon]) {
      world.clock = at;
      expect((await world.append(`request-${(count += 1)}/asked`)).status).toBe(200);
    }
    await world.stop();
    const { report, records } = await verified();
    expect(report.verdict).toBe("sound");
    const times = records.filter(({ kind }) => kind === "request.asked").map(({ time }) => Date.parse(time) - noon);
    expect(times).toEqual([0, leap, leap, leap]);
    expect(records.slice(-2).map(({ clock = "" }) => Date.parse(clock) - noon)).toEqual([-leap, 0]);
  });

  it("goes on while the bucket is away, and brings everything there later", async () => {
    world.store.failing = true;
    await world.start();
    expect((await world.append("request-1/asked")).status).toBe(200);
    await world.stop();
    expect(world.store.objects.size).toBe(0);
    world.store.failing = false;
    await world.start();
    await world.stop();
    expect((await verified()).report).toMatchObject({ verdict: "sound", chains: [{ records: 3 }] });
  }, 20_000);

  it("takes nothing once the bucket was away for too long", async () => {
    world.store.failing = true;
    world.clock = noon;
    await world.start({ unanchoredSeconds: 60 });
    await world.append("request-1/asked");
    world.clock += 61_000;
    await world.sealed();
    world.clock += 61_000;
    expect(await world.append("request-2/asked")).toMatchObject({
      status: 503,
      body: { error: { code: "bucket_unreachable" } },
    });
    world.store.failing = false;
  }, 20_000);

  it("puts each segment under lock for as long as it was told", async () => {
    world.clock = noon;
    await world.start();
    await world.stop();
    expect(world.store.until).toEqual([new Date(noon + 2190 * 86_400_000)]);
  });

  it("refuses when the disk has less room than it keeps back", async () => {
    await world.start({ minimumFreeMebibytes: 1_000_000_000 });
    expect(await world.append("request-1/asked")).toMatchObject({
      status: 507,
      body: { error: { code: "disk_full" } },
    });
  });
});
