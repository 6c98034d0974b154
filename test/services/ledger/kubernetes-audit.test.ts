import { afterEach, beforeEach, expect, it } from "vitest";
import { LedgerWorld } from "./ledger-world";

let world: LedgerWorld;
beforeEach(async () => {
  world = await LedgerWorld.make();
  await world.start();
});
afterEach(() => world.remove());

/** An event of the API server's log. */
const event = (more: object = {}) => ({
  auditID: "9645ca62-3660-420a-bfd2-5bbde04c7d47",
  stage: "ResponseComplete",
  verb: "get",
  requestURI: "/api/v1/namespaces/default/secrets/one?watch=a-secret",
  user: { username: "ada@example.com" },
  objectRef: { resource: "secrets", namespace: "default", name: "one" },
  responseObject: { data: "a-secret" },
  requestReceivedTimestamp: "2026-11-25T12:00:00.000001Z",
  ...more,
});
const post = (lines: readonly (object | string)[]) => {
  const logRecords = lines.map((line) => ({
    body: { stringValue: typeof line === "string" ? line : JSON.stringify(line) },
  }));
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
  return world.call("POST", "/v1/logs/kubernetes", body, "kubernetes.audit.svc");
};
const recorded = async () => {
  await world.stop();
  return (await world.recorded(() => true)).slice(1);
};

it("records who did what to which object, and no body, query or name of a person", async () => {
  expect(await post([event()])).toMatchObject({ status: 200, body: {} });
  const [record] = await recorded();
  expect(record?.body).toMatchObject({ verb: "get", uri: "/api/v1/namespaces/default/secrets/one", name: "one" });
  expect(JSON.stringify(record)).not.toMatch(/a-secret|ada@example/);
});

it("keeps no event off the record, whatever its caller chose", async () => {
  const strange = [
    event({ verb: "v".repeat(5000) }),
    event({ requestURI: "/%zz/\u0000" }),
    event({ objectRef: { resource: "pods", name: "n".repeat(253) } }),
    event({ auditID: "" }),
    // The audit's number is the caller's own, where they send one.
    event({ requestReceivedTimestamp: "2026-11-25T12:00:00.000002Z" }),
    event({ requestReceivedTimestamp: "2026-11-25T12:00:00.000003Z" }),
  ];
  expect(await post(strange)).toMatchObject({ status: 200, body: {} });
  expect(await recorded()).toHaveLength(strange.length);
});

it("records an event once, by whichever way it comes, and counts what is none", async () => {
  await post([event(), event()]);
  await world.call("POST", "/v1/kubernetes-audit", { kind: "EventList", items: [event()] }, "kubernetes.audit.svc");
  expect(await post(["{", event()])).toMatchObject({ body: { partialSuccess: { rejectedLogRecords: "1" } } });
  expect(await recorded()).toHaveLength(1);
});
