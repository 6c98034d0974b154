import { afterEach, beforeEach, expect, it } from "vitest";
import { LedgerWorld } from "./ledger-world";

let world: LedgerWorld;
beforeEach(async () => {
  world = await LedgerWorld.make();
});
afterEach(() => world.remove());

const collector = "collector.audit.svc";
const writers = [
  { name: collector, kinds: ["door.*"] },
  { name: "guard.gateway.svc", kinds: ["request.*"] },
];
const number = "9645ca62-3660-420a-bfd2-5bbde04c7d47";

/** One line of the door's log, as the collector sends it. */
const line = (told: Record<string, string>, nanoseconds = "1790000000000000001") => ({
  timeUnixNano: nanoseconds,
  body: { stringValue: "GET - 401" },
  attributes: Object.entries({ "request.id": number, method: "GET", ...told }).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  })),
});
const post = (lines: readonly object[], caller = collector) =>
  world.call("POST", "/v1/logs/door", { resourceLogs: [{ scopeLogs: [{ logRecords: lines }] }] }, caller);
const kinds = async (): Promise<string[]> => {
  await world.stop();
  return (await world.recorded(() => true)).map(({ kind }) => kind).slice(1);
};

it("leaves to the guard what the guard answered, and says apart where nobody was answered", async () => {
  await world.start({ writers });
  await post([
    line({ "response.code": "200", "response.details": "via_upstream" }),
    line({ "response.code": "403", "response.details": "via_upstream" }),
    line({ "response.code": "429", "response.details": "request_rate_limited" }),
    line({ "response.code": "0", "response.details": "downstream_remote_disconnect" }),
  ]);
  expect(await kinds()).toEqual(["door.refused", "door.unanswered"]);
});

it("records a line once, and each of two that a caller gave one number", async () => {
  await world.start({ writers });
  const lines = [line({ "response.code": "400" }), line({ "response.code": "400" }, "1790000000000000002")];
  await post(lines);
  await post(lines);
  expect(await kinds()).toEqual(["door.refused", "door.refused"]);
});

it("does not let a line that cannot be recorded keep the others waiting", async () => {
  await world.start({ writers });
  const lines = [line({ "response.code": "401", "client.name": "a\nb" }), line({ "response.code": "401" })];
  expect(await post(lines)).toMatchObject({ status: 200, body: { partialSuccess: { rejectedLogRecords: "1" } } });
  expect(await kinds()).toEqual(["door.refused"]);
});

it("asks for another try while the disk is full: at any other answer a collector gives up", async () => {
  await world.start({ writers, minimumFreeMebibytes: 1_000_000_000 });
  expect(await post([line({ "response.code": "401" })])).toMatchObject({
    status: 503,
    body: { error: { code: "disk_full" } },
  });
});

it("takes the door's log from the collector alone, and nothing else in its place", async () => {
  await world.start({ writers });
  expect((await post([line({ "response.code": "401" })], "guard.gateway.svc")).status).toBe(403);
  for (const body of ["[]", '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"-1"}]}]}]}'])
    expect(await world.call("POST", "/v1/logs/door", body, collector)).toMatchObject({
      status: 400,
      body: { error: { code: "no_logs" } },
    });
  expect(await kinds()).toEqual([]);
});
