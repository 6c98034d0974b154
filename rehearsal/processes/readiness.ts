import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { ReadinessProbe } from "./server-specification";

/** One look at a server; never throws. */
export function isReady(probe: ReadinessProbe): Promise<boolean> {
  if ("url" in probe) return answers(probe.url, probe.authority);
  return accepts("port" in probe ? { host: "127.0.0.1", port: probe.port } : { path: probe.socket });
}

function answers(url: string, authority: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const secure = url.startsWith("https:");
    const options = { timeout: 2000, agent: false as const };
    const call = secure
      ? httpsRequest(url, { ...options, ca: authority === undefined ? undefined : readFileSync(authority) })
      : httpRequest(url, options);
    call.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on("error", () => resolve(false));
    call.on("timeout", () => call.destroy());
    call.end();
  });
}

function accepts(at: { readonly host: string; readonly port: number } | { readonly path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...at, timeout: 2000 });
    const settle = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.on("connect", () => settle(true));
    socket.on("error", () => settle(false));
    socket.on("timeout", () => settle(false));
  });
}
