import { existsSync, statSync } from "node:fs";
import { connect } from "node:http2";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { objectName } from "../../../../components/certificates";
import { ports } from "../../../../components/flows";
import { allowedPaths } from "../../../../components/platform/gateway/envoy-config";
import { tools } from "../../../rehearsal/tools";
import { Circles, type Shown } from "./circles";
import { args, host, names } from "./door-args";
import { knock, open, type Answer, type KnockArgs } from "./knock";
import { listeningPorts } from "./listening-ports";
import { PlayedCollector, PlayedModel } from "./neighbours";
import { nowhere, RunningEnvoy } from "./running-envoy";

describe("the door, with the real Envoy", async () => {
  const toolbox = await tools("envoy");
  const envoy = toolbox.find("envoy") ?? "";

  it.runIf(envoy === "")("is not exercised: Envoy is not available on this machine", () => {
    console.warn(`The door was not exercised: ${toolbox.unavailable.get("envoy") ?? "Envoy is not there"}.`);
  });

  describe.runIf(envoy !== "")("running on loopback", () => {
    let circles: Circles;
    let models: PlayedModel[];
    let collector: PlayedCollector;
    let door: RunningEnvoy;
    let application: Shown;
    let prometheus: Shown;

    beforeAll(async () => {
      circles = await Circles.make();
      models = await Promise.all(names.map((name) => PlayedModel.start(circles, name)));
      collector = await PlayedCollector.start(circles);
      application = await circles.issue("clients", ["support-desk"]);
      prometheus = await circles.issue("services", ["prometheus.observability.svc"]);
      door = await RunningEnvoy.start(envoy, args, circles, {
        ...Object.fromEntries(
          names.map((name, index) => [`${objectName(name)}.serving.svc:${ports.vllm}`, models[index]?.port ?? 0]),
        ),
        [`collector.audit.svc:${ports.collector}`]: collector.port,
      });
    });

    afterAll(async () => {
      await door?.stop();
      collector?.stop();
      for (const model of models ?? []) await model.stop();
    });

    afterEach(() => {
      for (const model of models) model.arrived.length = 0;
    });

    const arrivals = () => models.flatMap((model) => model.arrived);
    const api = (more: Partial<KnockArgs>): KnockArgs => ({
      port: door.at.door,
      host,
      trust: circles.trust("services"),
      shown: application,
      path: "/v1/models",
      ...more,
    });
    const scrape = (more: Partial<KnockArgs>): KnockArgs =>
      api({ port: door.at.metrics, host: "envoy-metrics.gateway.svc", shown: prometheus, ...more });

    /** Knocks, expects no connection, and expects Envoy to have had that very reason. */
    const refused = async (listener: "door" | "metrics", counter: string, how: KnockArgs) => {
      const before = await door.counted(listener, counter);
      await expect(knock(how)).rejects.toThrow();
      expect(await door.counted(listener, counter)).toBe(before + 1);
      expect(arrivals()).toEqual([]);
    };

    describe("callers", () => {
      it("without a certificate are refused", () =>
        refused("door", "ssl.fail_verify_no_cert", api({ shown: undefined })));

      it("with a certificate of another company's authority are refused", async () => {
        const strangers = await Circles.make();
        const shown = await strangers.issue("clients", ["support-desk"]);
        await refused("door", "ssl.fail_verify_error", api({ shown }));
      });

      it("whose name is not among the applications are refused", async () => {
        const shown = await circles.issue("clients", ["payroll"]);
        await refused("door", "ssl.fail_verify_san", api({ shown }));
      });

      it("that speak TLS 1.2 are refused", () =>
        refused("door", "ssl.connection_error", api({ maxVersion: "TLSv1.2" })));

      it("with a valid certificate reach the model, which sees the door's own certificate and the caller's name", async () => {
        const forged = { "x-forwarded-client-cert": "DNS=code-review" };
        const answer = await knock(api({ path: "/v1/chat/completions", body: "{}", headers: forged }));
        expect(answer).toMatchObject({ status: 200, body: "qwen3-8b" });
        expect(arrivals()).toHaveLength(1);
        const [arrived] = arrivals();
        expect(arrived).toMatchObject({ path: "/v1/chat/completions", caller: "DNS:envoy.gateway.svc" });
        expect(arrived?.headers["x-forwarded-client-cert"]).toMatch(/DNS=support-desk/);
        expect(arrived?.headers["x-forwarded-client-cert"]).not.toMatch(/code-review/);
      });

      it("may speak HTTP/2", async () => {
        const session = connect(`https://127.0.0.1:${door.at.door}`, {
          servername: host,
          ca: circles.trust("services"),
          cert: application.chain,
          key: application.key,
        });
        const stream = session.request({ ":path": "/v1/models", ":authority": host });
        const status = await new Promise((resolve, reject) => {
          stream.on("response", (headers) => resolve(headers[":status"])).on("error", reject);
          session.on("error", reject);
        });
        session.destroy();
        expect(status).toBe(200);
      });
    });

    it.each([
      ["no certificate", () => undefined],
      ["an application's, with its intermediate", () => application],
      ["another service's, with its intermediate", () => prometheus],
    ])("cannot be gone around: a model server takes %s for no caller", async (_name, shown) => {
      const straight = { port: models[0]?.port, host: "qwen3-8b.serving.svc" };
      await expect(knock(api({ ...straight, shown: shown() }))).rejects.toThrow();
      expect(arrivals()).toEqual([]);
      const caller = await circles.issue("callers", ["envoy.gateway.svc"]);
      expect(await knock(api({ ...straight, shown: caller }))).toMatchObject({ status: 200 });
    });

    describe("paths", () => {
      it.each(allowedPaths)("%s is let through", async (path) => {
        expect(await knock(api({ path }))).toMatchObject({ status: 200 });
        expect(arrivals().map((arrived) => arrived.path)).toEqual([path]);
      });

      it.each([
        "/",
        "/invocations",
        "/pause",
        "/metrics",
        "/v1",
        "/v1/models/",
        "/v1/../pause",
        "/v1/models/../../pause",
        "/v1/%2e%2e/pause",
        "//v1/models",
        "/v1//models",
        "/v1%2fmodels",
        "/v1%2Fmodels",
        "/v1%5cmodels",
        "/v1/models%00",
        "/v1/models%2f..%2f..%2fpause",
        "/v1/models;/pause",
        "/v1/load_lora_adapter",
        "/V1/models",
      ])("%s stays shut", async (path) => {
        const { status } = await knock(api({ path }));
        expect([400, 404]).toContain(status);
        expect(arrivals()).toEqual([]);
      });

      it("lead nowhere under another host name", async () => {
        expect(await knock(api({ headers: { host: "elsewhere.example.internal" } }))).toMatchObject({ status: 404 });
        expect(arrivals()).toEqual([]);
      });

      it("are refused with a header that a server could read in two ways", async () => {
        expect(await knock(api({ headers: { x_cloister_model: "qwen3-8b" } }))).toMatchObject({ status: 400 });
      });
    });

    describe("models", () => {
      it.each(names)("%s is reached by its name", async (name) => {
        expect(await knock(api({ headers: { "x-cloister-model": name } }))).toMatchObject({ status: 200, body: name });
      });

      it("the first answers where none is named", async () => {
        expect(await knock(api({}))).toMatchObject({ status: 200, body: "qwen3-8b" });
      });

      it.each(["gpt-5", "", "qwen3-8b, llama-3.1-8b-instruct"])("no other is guessed for %j", async (name) => {
        expect(await knock(api({ headers: { "x-cloister-model": name } }))).toMatchObject({ status: 404 });
        expect(arrivals()).toEqual([]);
      });
    });

    it("hands a stream on piece by piece", async () => {
      const response = await open(api({ path: "/v1/completions", body: '{"stream":true}' }));
      const pieces = response.setEncoding("utf8")[Symbol.asyncIterator]();
      expect(await pieces.next()).toEqual({ done: false, value: "first " });
      models[0]?.finish();
      expect(await pieces.next()).toEqual({ done: false, value: "second" });
      expect(await pieces.next()).toMatchObject({ done: true });
    });

    it("puts every request on the record: who, what and how it ended, and nothing of what was said", async () => {
      await knock(api({ path: "/v1/embeddings?note=a-secret-in-the-query", body: '"a prompt"' }));
      await knock(api({ path: "/v1/models", headers: { "x-cloister-model": "the-last-on-record" } }));
      const record = await collector.holding("the-last-on-record");
      expect(record).toContain("POST /v1/embeddings 200");
      expect(record).toContain("GET /v1/models 404");
      expect(record).toContain("support-desk");
      expect(record).not.toMatch(/a-secret-in-the-query|a prompt/);
    });

    describe("metrics", () => {
      it("are shown to Prometheus: Envoy's own and, through the door, each model's", async () => {
        const own = await knock(scrape({ path: "/stats/prometheus" }));
        expect(own.status).toBe(200);
        expect(own.body).toContain("envoy_http_downstream_rq_total");
        expect(await knock(scrape({ path: "/models/llama-3-1-8b-instruct" }))).toMatchObject({
          status: 200,
          body: "llama-3.1-8b-instruct",
        });
        expect(arrivals().map((arrived) => arrived.path)).toEqual(["/metrics"]);
      });

      it("are refused to an application", () =>
        refused("metrics", "ssl.fail_verify_error", scrape({ path: "/stats/prometheus", shown: application })));

      it("are refused to another service of the platform", async () => {
        const shown = await circles.issue("services", ["mlflow.models.svc"]);
        await refused("metrics", "ssl.fail_verify_san", scrape({ path: "/stats/prometheus", shown }));
      });

      it.each(["/quitquitquit", "/config_dump", "/stats", "/", "/models/qwen3-8b/pause", "/v1/models"])(
        "are all there is: %s is not",
        async (path) => {
          expect(await knock(scrape({ path, method: "POST" }))).toMatchObject({ status: 404 });
          expect(arrivals()).toEqual([]);
        },
      );
    });

    describe("health", () => {
      const ask = (path: string): Promise<Answer> => knock(api({ port: door.at.health, path, shown: undefined }));

      it("is told to whoever asks, without a certificate", async () => {
        expect(await ask("/ready")).toMatchObject({ status: 200, body: "" });
      });

      it.each(["/", "/v1/models", "/stats/prometheus", "/ready/../quitquitquit"])(
        "is all it tells: not %s",
        async (path) => {
          expect(await ask(path)).toMatchObject({ status: 404 });
          expect(arrivals()).toEqual([]);
        },
      );
    });

    it("has no port to its admin interface", async () => {
      const socket = join(door.directory, "admin.sock");
      expect(statSync(socket).mode & 0o777).toBe(0o600);
      const listening = await door.admin("/listeners");
      expect(listening.trim().split("\n")).toHaveLength(3);
      if (existsSync(`/proc/${door.pid}/fd`)) expect(listeningPorts(door.pid)).toEqual(Object.values(door.at).sort());
    });

    it("takes a prompt that fits the longest model, and refuses a longer one before the model sees it", async () => {
      const tokens = Math.max(...args.models.map((model) => model.maxModelLength));
      const fitting = "a".repeat(4 * tokens);
      expect(await knock(api({ body: fitting }))).toMatchObject({ status: 200, body: "qwen3-8b" });
      const tooLong = fitting.repeat(9);
      expect(await knock(api({ body: tooLong }))).toMatchObject({ status: 413 });
    });

    it("limits requests, and says so", async () => {
      const narrow = await RunningEnvoy.start(envoy, { ...args, requestsPerMinute: 2 }, circles, {
        ...nowhere(names),
        [`qwen3-8b.serving.svc:${ports.vllm}`]: models[0]?.port ?? 0,
      });
      try {
        const statuses = [];
        for (let index = 0; index < 3; index += 1) {
          statuses.push((await knock(api({ port: narrow.at.door }))).status);
        }
        expect(statuses).toEqual([200, 200, 429]);
      } finally {
        await narrow.stop();
      }
    });

    // Why the pod waits before it tells Envoy to stop.
    it("cuts its streams when it is told to stop", async () => {
      const response: IncomingMessage = await open(api({ path: "/v1/completions", body: '{"stream":true}' }));
      const pieces = response.setEncoding("utf8")[Symbol.asyncIterator]();
      await pieces.next();
      const cut = expect(pieces.next()).rejects.toThrow("aborted");
      await door.stop();
      await cut;
    });
  });
});
