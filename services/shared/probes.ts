import type { RequestListener } from "node:http";
import { request } from "node:https";
import type { Registry } from "prom-client";

/** Whether a service may be sent requests; why not, in one sentence, where it may not. */
export type Readiness = () => string | undefined;

/** Answers `/live` and `/ready` and nothing else. */
export const probeListener =
  (readiness: Readiness): RequestListener =>
  ({ url }, response) => {
    const reason = url === "/ready" ? readiness() : undefined;
    const known = url === "/live" || url === "/ready";
    response.writeHead(!known ? 404 : reason === undefined ? 200 : 503, { "content-type": "text/plain" });
    response.end(reason === undefined ? "" : `${reason}\n`);
  };

/** Answers `/metrics` in the text format of Prometheus and nothing else. */
export const metricsListener =
  (registry: Registry): RequestListener =>
  ({ url }, response) => {
    if (url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    void registry.metrics().then((text) => {
      response.writeHead(200, { "content-type": registry.contentType });
      response.end(text);
    });
  };

/** Asks the service on this machine whether it is ready: what a container's health check runs. */
export const askReady = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    // The name in the certificate is the service's, not this machine's; the answer is yes or no and holds nothing secret.
    const call = request({ host: "127.0.0.1", port, path: "/ready", rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.setTimeout(2000, () => call.destroy(new Error("no answer")));
    call.on("error", () => resolve(false)).end();
  });
