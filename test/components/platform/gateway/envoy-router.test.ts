import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Pool, type Dispatcher } from "undici";
import { routerConfig } from "../../../../components/platform/gateway/envoy-router";
import { freePorts } from "../../../../rehearsal/processes/free-ports";
import { tools } from "../../../rehearsal/tools";
import { Circles } from "./circles";
import { doorArgs, names } from "./door-args";
import { knock } from "./knock";
import { layOut } from "./lay-out";
import { PlayedServer } from "./neighbours";
import { modelPlaces, routerLayOut, routerListens } from "./router-lay-out";
import { RunningEnvoy } from "./running-envoy";

describe("the way from the guard to the models, with the real Envoy", async () => {
  const toolbox = await tools("envoy");
  const envoy = toolbox.find("envoy") ?? "";

  it.runIf(envoy === "")("is not exercised: Envoy is not available on this machine", () => {
    console.warn(`The router was not exercised: ${toolbox.unavailable.get("envoy") ?? "Envoy is not there"}.`);
  });

  describe.runIf(envoy !== "")("running", () => {
    let circles: Circles;
    let models: PlayedServer[];
    let router: RunningEnvoy;
    let pool: Pool;
    let at: { metrics: number; health: number };

    beforeAll(async () => {
      circles = await Circles.make();
      models = await Promise.all(names.map((name) => PlayedServer.model(circles, name)));
      const folder = mkdtempSync(join(tmpdir(), "router-ports-"));
      at = await freePorts(folder, ["metrics", "health"]);
      rmSync(folder, { recursive: true });
      const places = {
        [routerListens.metrics]: at.metrics,
        [routerListens.health]: at.health,
        ...modelPlaces(Object.fromEntries(names.map((name, index) => [name, models[index]?.port ?? 0]))),
      };
      const directory = await layOut(routerLayOut(routerConfig(doorArgs([])), places), circles);
      router = await RunningEnvoy.run(envoy, directory, { door: 0, ...at });
      pool = new Pool("http://router", { socketPath: join(directory, "router.sock") });
    });
    afterAll(async () => {
      await pool?.destroy();
      await router?.stop();
      for (const model of models ?? []) await model.stop();
    });
    afterEach(() => {
      for (const model of models) model.arrived.length = 0;
    });

    const ask = (path: string, model?: string, body = "{}"): Promise<Dispatcher.ResponseData> =>
      pool.request({
        method: "POST",
        path,
        headers: model === undefined ? {} : { "x-cloister-model": model },
        body,
      });

    it.each(names)("leads to %s by its name, with the guard's certificate", async (name) => {
      const answer = await ask("/v1/chat/completions", name);
      expect([answer.statusCode, await answer.body.text()]).toEqual([200, name]);
      const [arrived] = models[names.indexOf(name)]?.arrived ?? [];
      expect(arrived?.caller).toContain("DNS:guard.gateway.svc");
      expect(arrived?.headers["x-cloister-model"]).toBeUndefined();
    });

    it.each([
      ["/v1/chat/completions", undefined],
      ["/v1/chat/completions", "gpt-5"],
      ["/pause", "qwen3-8b"],
      ["/metrics", "qwen3-8b"],
      ["/v1/load_lora_adapter", "qwen3-8b"],
      ["/invocations", "qwen3-8b"],
    ])("leads nowhere for %s and the model %s", async (path, model) => {
      expect((await ask(path, model)).statusCode).toBe(404);
      expect(models.flatMap((one) => one.arrived)).toEqual([]);
    });

    it("asks a model once that has seen a request", async () => {
      const answer = await ask("/v1/chat/completions", "qwen3-8b", '{"prompt":"break off"}');
      expect(answer.statusCode).toBe(503);
      await answer.body.dump();
      expect(models.flatMap((one) => one.arrived)).toHaveLength(1);
    });

    it("is a socket for the pod's own user and group", () => {
      expect(statSync(join(router.directory, "router.sock")).mode & 0o777).toBe(0o660);
    });

    it.each([
      ["no certificate", undefined],
      ["an application's", ["clients", "support-desk"]],
      ["the door's", ["services", "envoy.gateway.svc"]],
      ["another service's", ["services", "guard.gateway.svc"]],
    ] as const)("cannot be gone around: a model server takes %s for no caller", async (_name, who) => {
      const shown = who === undefined ? undefined : await circles.issue(who[0], [who[1]]);
      const straight = { port: models[0]?.port ?? 0, host: "qwen3-8b.serving.svc", trust: circles.trust("services") };
      await expect(knock({ ...straight, shown, path: "/v1/models" })).rejects.toThrow();
      const caller = await circles.issue("callers", ["guard.gateway.svc"]);
      expect(await knock({ ...straight, shown: caller, path: "/v1/models" })).toMatchObject({ status: 200 });
    });

    it("shows Prometheus its own numbers and each model's, and nothing to others", async () => {
      const shown = await circles.issue("services", ["prometheus.observability.svc"]);
      const scrape = { port: at.metrics, host: "guard.gateway.svc", trust: circles.trust("services"), shown };
      expect((await knock({ ...scrape, path: "/stats/prometheus" })).body).toContain("envoy_cluster_upstream_rq");
      const model = await knock({ ...scrape, path: "/models/llama-3-1-8b-instruct" });
      expect(model).toMatchObject({ status: 200, body: "llama-3.1-8b-instruct" });
      expect((await knock({ ...scrape, path: "/v1/models" })).status).toBe(404);
      const door = await circles.issue("services", ["envoy.gateway.svc"]);
      await expect(knock({ ...scrape, shown: door, path: "/stats/prometheus" })).rejects.toThrow();
    });
  });
});
