import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditLogName } from "../../../../components/certificates";
import { ports } from "../../../../components/flows";
import { auditLogConfig } from "../../../../components/foundation/machines/audit-log";
import { rke2Paths } from "../../../../components/foundation/machines/rke2-paths";
import { freePorts } from "../../../../rehearsal/processes/free-ports";
import {
  refused,
  runControlPlane,
  type RunningControlPlane,
} from "../../../rehearsal/control-plane/running-control-plane";
import { tools } from "../../../rehearsal/tools";
import { LedgerWorld } from "../../../services/ledger/ledger-world";
import { RunningCollector } from "../../platform/audit/running-collector";

describe("the collector of the log of a real API server", () => {
  let running: RunningControlPlane;
  let ledger: LedgerWorld;
  let collector: RunningCollector;
  let takes: object;

  beforeAll(async () => {
    running = await runControlPlane();
    ledger = await LedgerWorld.make();
    const at = await freePorts(ledger.folder, ["ledger"]);
    takes = {
      listen: { address: "127.0.0.1", port: at["ledger"] },
      writers: [{ name: auditLogName, kinds: ["kubernetes.audit"] }],
    };
    // The ledger is not there yet, as at a cluster's first boot.
    collector = await RunningCollector.start({
      program: (await tools("collector")).path("otelcol"),
      configuration: auditLogConfig,
      circles: ledger.circles,
      name: auditLogName,
      places: {
        [`https://ledger.audit.svc:${ports.ledger}/`]: `https://127.0.0.1:${at["ledger"]}/`,
        [rke2Paths.auditLog]: running.plane.auditLogPath,
        [dirname(rke2Paths.auditLog)]: dirname(running.plane.auditLogPath),
      },
    });
  }, 1_800_000);
  afterAll(async () => {
    await collector?.remove();
    await ledger?.remove();
    await running?.remove();
  });

  /** Numbers of the audit that are in the log now. */
  const logged = (): string[] =>
    readFileSync(running.plane.auditLogPath, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { auditID: string }).auditID);

  it("loses nothing of what was before the ledger, and while both are killed, and records nothing twice", async () => {
    await collector.says("Exporting failed");
    await ledger.start(takes);
    const first = logged();
    await ledger.recorded((all) => holds(all, first));

    await ledger.stop();
    const stranger = await running.as("stranger");
    expect((await refused(stranger.request("GET", "/api/v1/namespaces/default/secrets?limit=a-secret"))).status).toBe(
      403,
    );
    stranger.close();
    const second = logged();
    await collector.kill();
    await ledger.start(takes);
    await collector.start();
    const records = await ledger.recorded((all) => holds(all, second));
    const events = records.filter(({ kind }) => kind === "kubernetes.audit");
    const numbers = events.map(({ body }) => JSON.stringify([body["audit"], body["stage"]]));
    expect(new Set(numbers).size).toBe(numbers.length);
    const denied = events.find(({ body }) => body["decision"] === "forbid" && body["resource"] === "secrets");
    expect(denied).toMatchObject({
      writer: auditLogName,
      subject: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      body: { verb: "list", uri: "/api/v1/namespaces/default/secrets", namespace: "default", status: 403 },
    });
    expect(JSON.stringify(records)).not.toMatch(/stranger|a-secret/);
  });
});

const holds = (
  records: readonly { readonly body: Readonly<Record<string, unknown>> }[],
  numbers: readonly string[],
): boolean => {
  const found = new Set(records.map(({ body }) => body["audit"]));
  return numbers.every((number) => found.has(number));
};
