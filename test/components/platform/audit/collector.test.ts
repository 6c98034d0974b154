import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ports } from "../../../../components/flows";
import { collectorConfig } from "../../../../components/platform/audit/collector-config";
import { freePorts } from "../../../../rehearsal/processes/free-ports";
import { LedgerWorld } from "../../../services/ledger/ledger-world";
import { tools } from "../../../rehearsal/tools";
import type { Shown } from "../gateway/circles";
import { doorArgs, host } from "../gateway/door-args";
import { neighbours } from "../gateway/door-lay-out";
import { claimsOf, drawKey, signed } from "../gateway/issuer";
import { knock, type KnockArgs } from "../gateway/knock";
import { PlayedServer } from "../gateway/neighbours";
import { RunningEnvoy } from "../gateway/running-envoy";
import { RunningCollector } from "./running-collector";

describe("the collector, which is built from its modules", async () => {
  const toolbox = await tools("envoy", "collector");
  const program = toolbox.path("otelcol");
  const envoy = toolbox.find("envoy");

  const validated = async (configuration: object): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), "collector-"));
    const path = join(folder, "collector.yaml");
    // Whether the folder of the queue can be written to is for the pod to find out.
    writeFileSync(path, stringify(configuration).replaceAll("/data/", `${folder}/`));
    return promisify(execFile)(program, ["validate", "--config", path])
      .then(
        () => "valid",
        ({ stderr }: { stderr: string }) => stderr,
      )
      .finally(() => rmSync(folder, { recursive: true }));
  };

  it("takes its configuration as it is generated, and would not take another", async () => {
    expect(await validated(collectorConfig())).toBe("valid");
    const { exporters, ...rest } = collectorConfig() as { exporters: Record<string, object> };
    const mistaken = { "otlp_http/door": { ...exporters["otlp_http/door"], keep_trying: true } };
    expect(await validated({ ...rest, exporters: mistaken })).toContain("keep_trying");
  });

  it.runIf(envoy === undefined)("is not exercised: Envoy is not available on this machine", () => {
    console.warn(`Not exercised: ${toolbox.unavailable.get("envoy") ?? "Envoy is not there"}.`);
  });

  describe.runIf(envoy !== undefined)("between the real door and the real ledger", () => {
    let ledger: LedgerWorld;
    let guard: PlayedServer;
    let collector: RunningCollector;
    let door: RunningEnvoy;
    let application: Shown;
    let token: string;
    const at = { door: 0, ledger: 0 };
    const takes = () => ({
      listen: { address: "127.0.0.1", port: at.ledger },
      writers: [{ name: "collector.audit.svc", kinds: ["door.*"] }],
      models: ["qwen3-8b", "llama-3.1-8b-instruct"],
    });

    beforeAll(async () => {
      ledger = await LedgerWorld.make();
      const { circles } = ledger;
      const issuer = await drawKey("first");
      application = await circles.issue("clients", ["support-desk"]);
      token = await signed(issuer, claimsOf(application));
      Object.assign(at, await freePorts(ledger.folder, ["door", "ledger"]));
      await ledger.start(takes());
      const places = {
        [`0.0.0.0:${ports.collector}`]: `127.0.0.1:${at.door}`,
        [`https://ledger.audit.svc:${ports.ledger}/`]: `https://127.0.0.1:${at.ledger}/`,
      };
      collector = await RunningCollector.start({
        ...{ program, configuration: collectorConfig(), circles, places },
        port: at.door,
      });
      guard = await PlayedServer.guard(circles);
      const around = neighbours({ guard: guard.port, collector: at.door, rateLimit: 0 });
      door = await RunningEnvoy.start(envoy ?? "", doorArgs([issuer]), circles, around);
    });
    afterAll(async () => {
      await door?.stop();
      await guard?.stop();
      await collector?.remove();
      await ledger?.remove();
    });

    const ask = (more: Partial<KnockArgs>) =>
      knock({
        port: door.at.door,
        host,
        trust: ledger.circles.trust("services"),
        shown: application,
        path: "/v1/models",
        ...more,
        headers: { authorization: `Bearer ${token}`, ...more.headers },
      });
    const chat = (model: string) =>
      ask({
        path: "/v1/chat/completions",
        body: JSON.stringify({ model }),
        headers: { "content-type": "application/json" },
      });

    it("puts on the record what the door refused, and nothing that a caller wrote", async () => {
      await ask({ headers: { authorization: "Bearer a-secret-token" } });
      await ask({ path: "/a-secret-path?and=a-secret-query" });
      await ask({});
      await chat("llama-3.1-8b-instruct");
      await chat("a-secret-in-the-place-of-a-model");
      await ask({ headers: { x_underscored: "1", "x-request-id": "a-secret-number" } });
      const records = await ledger.recorded((all) => all.filter(({ kind }) => kind === "door.refused").length >= 5);
      const told = records.filter(({ kind }) => kind !== "ledger.opened").map(({ kind, body }) => [kind, body]);
      const who = { application: "support-desk", certificate: expect.stringMatching(/^[0-9a-f]{64}$/) as string };
      expect(told).toEqual([
        ["door.refused", expect.objectContaining({ ...who, status: 401, method: "GET", route: "/v1/models" })],
        ["door.refused", expect.objectContaining({ ...who, status: 403, method: "GET" })],
        ["door.refused", expect.objectContaining({ ...who, status: 403, model: "llama-3.1-8b-instruct" })],
        ["door.refused", expect.objectContaining({ ...who, status: 403, model: "other" })],
        ["door.refused", expect.objectContaining({ ...who, status: 400 })],
      ]);
      expect(JSON.stringify(records)).not.toContain("secret");
      expect(records.every(({ writer }) => ["ledger", "collector.audit.svc"].includes(writer))).toBe(true);
    });

    it("loses none while the ledger is away and the collector is killed, and records none twice", async () => {
      const before = (await ledger.recorded(() => true)).length;
      await ledger.stop();
      await ask({ headers: { authorization: "Bearer none" } });
      await collector.says("Exporting failed");
      await collector.kill();
      await ledger.start(takes());
      await collector.start();
      const records = await ledger.recorded((all) => all.at(-1)?.kind === "door.refused" && all.length > before);
      expect(records.slice(before).map(({ kind }) => kind)).toEqual(["ledger.opened", "door.refused"]);
    });
  });
});
