import type { Readable } from "node:stream";
import { Pool } from "undici";
import type { ModelPath } from "./request-texts";

export interface ModelAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Readable;
}

/** The way to the model servers: a socket that only this pod has, behind which an Envoy balances. */
export class Router {
  private readonly pool: Pool;

  /** @param timeout longest wait for the first byte, and longest silence after it, milliseconds. */
  public constructor(socket: string, timeout: number) {
    // The name is never looked up: the socket is where it leads.
    this.pool = new Pool("http://router", {
      socketPath: socket,
      connections: 1024,
      pipelining: 1,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
  }

  /** @param trace the trace context under which the model server notes its own part. */
  public async ask(
    { path, model }: { readonly path: ModelPath; readonly model: string },
    body: string,
    trace: string | undefined,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    const headers = {
      "content-type": "application/json",
      "x-cloister-model": model,
      ...(trace === undefined ? {} : { traceparent: trace }),
    };
    const answer = await this.pool.request({ method: "POST", path, headers, body, signal });
    const type = answer.headers["content-type"];
    return {
      status: answer.statusCode,
      contentType: typeof type === "string" ? type : "",
      body: answer.body,
    };
  }

  public async close(): Promise<void> {
    await this.pool.close();
  }
}
