import { existsSync, statSync } from "node:fs";
import { connect } from "node:http2";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { allowedPaths } from "../../../../components/platform/gateway/envoy-config";
import { Circles, type Shown } from "./circles";
import { doorArgs, host } from "./door-args";
import { withEnvoy } from "./door-world";
import { knock, open, type Answer, type KnockArgs } from "./knock";
import { listeningPorts } from "./listening-ports";

withEnvoy("the door, with the real Envoy", (world) => {
  let prometheus: Shown;
  beforeAll(async () => {
    prometheus = await world().circles.issue("services", ["prometheus.observability.svc"]);
  });
  afterEach(() => {
    world().arrived.length = 0;
  });

  const api = (more: Partial<KnockArgs> = {}): KnockArgs => world().api(more);
  const scrape = (more: Partial<KnockArgs>): KnockArgs =>
    api({ port: world().door.at.metrics, host: "envoy-metrics.gateway.svc", shown: prometheus, ...more });

  describe("callers", () => {
    it("without a certificate are refused", () =>
      world().refused("door", "ssl.fail_verify_no_cert", api({ shown: undefined })));

    it("with a certificate of another company's authority are refused", async () => {
      const strangers = await Circles.make();
      const shown = await strangers.issue("clients", ["support-desk"]);
      await world().refused("door", "ssl.fail_verify_error", api({ shown }));
    });

    it("whose name is not among the applications are refused", async () => {
      const shown = await world().circles.issue("clients", ["payroll"]);
      await world().refused("door", "ssl.fail_verify_san", api({ shown }));
    });

    it("that speak TLS 1.2 are refused", () =>
      world().refused("door", "ssl.connection_error", api({ maxVersion: "TLSv1.2" })));

    it("with a valid certificate reach the guard, which sees the door's own certificate and the caller's name", async () => {
      const forged = { "x-forwarded-client-cert": "DNS=code-review" };
      const answer = await knock(world().chat("qwen3-8b", { headers: { ...api().headers, ...forged } }));
      expect(answer).toMatchObject({ status: 200, body: "the guard" });
      expect(world().arrived).toHaveLength(1);
      const [arrived] = world().arrived;
      expect(arrived).toMatchObject({ path: "/v1/chat/completions" });
      expect(arrived?.caller).toContain("DNS:envoy.gateway.svc");
      expect(arrived?.headers["x-forwarded-client-cert"]).toMatch(/DNS=support-desk/);
      expect(arrived?.headers["x-forwarded-client-cert"]).not.toMatch(/code-review/);
    });

    it("may speak HTTP/2", async () => {
      const session = connect(`https://127.0.0.1:${world().door.at.door}`, {
        servername: host,
        ca: world().circles.trust("services"),
        cert: world().application.chain,
        key: world().application.key,
      });
      const stream = session.request({ ":path": "/v1/models", ":authority": host, ...api().headers });
      const status = await new Promise((resolve, reject) => {
        stream.on("response", (headers) => resolve(headers[":status"])).on("error", reject);
        session.on("error", reject);
      });
      session.destroy();
      expect(status).toBe(200);
    });
  });

  describe("paths", () => {
    it.each(allowedPaths)("%s is let through", async (path) => {
      expect(await knock(world().chat("qwen3-8b", { path }))).toMatchObject({ status: 200 });
      expect(world().arrived.map((arrived) => arrived.path)).toEqual([path]);
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
      // With every right: it is the path alone that is refused.
      const { status } = await knock(world().chat("qwen3-8b", { path }));
      expect([400, 404]).toContain(status);
      expect(world().arrived).toEqual([]);
    });

    it("lead nowhere under another host name", async () => {
      expect(await knock(api({ headers: { ...api().headers, host: "elsewhere.example.internal" } }))).toMatchObject({
        status: 404,
      });
      expect(world().arrived).toEqual([]);
    });

    it("are refused with a header that a server could read in two ways", async () => {
      expect(await knock(api({ headers: { ...api().headers, x_cloister_model: "qwen3-8b" } }))).toMatchObject({
        status: 400,
      });
    });
  });

  it("hands a stream on piece by piece", async () => {
    const response = await open(world().chat("qwen3-8b", { body: '{"model":"qwen3-8b","stream":true}' }));
    const pieces = response.setEncoding("utf8")[Symbol.asyncIterator]();
    expect(await pieces.next()).toEqual({ done: false, value: "first " });
    world().guard.finish();
    expect(await pieces.next()).toEqual({ done: false, value: "second" });
    expect(await pieces.next()).toMatchObject({ done: true });
  });

  it("asks nobody else once a guard has seen a request: it would be on the record twice", async () => {
    const answer = await knock(world().chat("", { body: '{"model":"qwen3-8b","prompt":"break off"}' }));
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "unavailable" } });
    expect(world().arrived).toHaveLength(1);
  });

  it("puts every request on the record: who, what and how it ended, and nothing of what was said", async () => {
    const prompt = '{"model":"qwen3-8b","prompt":"a prompt"}';
    await knock(world().chat("", { path: "/v1/completions?note=a-secret-in-the-query", body: prompt }));
    await knock(api({ headers: { authorization: "Bearer a-secret-token" } }));
    await knock(world().chat("the-last-on-record"));
    const record = await world().collector.holding("the-last-on-record");
    expect(record).toContain("POST /v1/completions 200");
    expect(record).toContain("GET /v1/models 401");
    expect(record).toContain("support-desk");
    expect(record).not.toMatch(/a-secret-in-the-query|a prompt|a-secret-token|ada@example/);
  });

  describe("metrics", () => {
    it("are shown to Prometheus", async () => {
      const own = await knock(scrape({ path: "/stats/prometheus" }));
      expect(own.status).toBe(200);
      expect(own.body).toContain("envoy_http_downstream_rq_total");
    });

    it("are refused to an application", () =>
      world().refused(
        "metrics",
        "ssl.fail_verify_error",
        scrape({ path: "/stats/prometheus", shown: world().application }),
      ));

    it("are refused to another service of the platform", async () => {
      const shown = await world().circles.issue("services", ["mlflow.models.svc"]);
      await world().refused("metrics", "ssl.fail_verify_san", scrape({ path: "/stats/prometheus", shown }));
    });

    it.each(["/quitquitquit", "/config_dump", "/stats", "/", "/models/qwen3-8b/pause", "/v1/models"])(
      "are all there is: %s is not",
      async (path) => {
        expect(await knock(scrape({ path, method: "POST" }))).toMatchObject({ status: 404 });
        expect(world().arrived).toEqual([]);
      },
    );
  });

  describe("health", () => {
    const ask = (path: string): Promise<Answer> => knock(api({ port: world().door.at.health, path, shown: undefined }));

    it("is told to whoever asks, without a certificate", async () => {
      expect(await ask("/ready")).toMatchObject({ status: 200, body: "" });
    });

    it.each(["/", "/v1/models", "/stats/prometheus", "/ready/../quitquitquit"])(
      "is all it tells: not %s",
      async (path) => {
        expect(await ask(path)).toMatchObject({ status: 404 });
        expect(world().arrived).toEqual([]);
      },
    );
  });

  it("has no port to its admin interface", async () => {
    const socket = join(world().door.directory, "admin.sock");
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const listening = await world().door.admin("/listeners");
    expect(listening.trim().split("\n")).toHaveLength(3);
    if (existsSync(`/proc/${world().door.pid}/fd`))
      expect(listeningPorts(world().door.pid)).toEqual(Object.values(world().door.at).sort());
  });

  it("takes a prompt that fits the longest model, and refuses a longer one before the guard sees it", async () => {
    const tokens = Math.max(...doorArgs([]).models.map((model) => model.maxModelLength));
    const fitting = JSON.stringify({ model: "qwen3-8b", prompt: "a".repeat(4 * tokens) });
    expect(await knock(world().chat("", { body: fitting }))).toMatchObject({ status: 200 });
    world().arrived.length = 0;
    const answer = await knock(world().chat("", { body: fitting.repeat(9) }));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "too_large" } });
    expect(world().arrived).toEqual([]);
  });

  it("limits requests, and says so", async () => {
    const narrow = await world().another({ requestsPerMinute: 2 });
    try {
      const statuses = [];
      for (let index = 0; index < 3; index += 1) statuses.push((await knock(api({ port: narrow.at.door }))).status);
      expect(statuses).toEqual([200, 200, 429]);
    } finally {
      await narrow.stop();
    }
  });

  // Why the pod waits before it tells Envoy to stop.
  it("cuts its streams when it is told to stop", async () => {
    const response: IncomingMessage = await open(
      world().chat("qwen3-8b", { body: '{"model":"qwen3-8b","stream":true}' }),
    );
    const pieces = response.setEncoding("utf8")[Symbol.asyncIterator]();
    await pieces.next();
    const cut = expect(pieces.next()).rejects.toThrow("aborted");
    await world().door.stop();
    await cut;
  });
});
