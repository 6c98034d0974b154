import * as http from "node:http";
import * as https from "node:https";
import { textOf } from "../property-path";
import type { Json, Properties } from "../provider";
import type { Access } from "./kubeconfig";

/** One wrong field, or one field somebody else owns. */
export interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** The API server's answer that something was refused. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string,
    readonly causes: readonly Cause[],
    /** What was not found, such as the `namespaces` of a missing namespace. */
    readonly subject: { readonly kind?: string; readonly name?: string },
  ) {
    super(message);
  }
}

/** No answer came: nobody listens, the name is unknown, or the certificate is not trusted. */
export class Unreachable extends Error {
  constructor(server: string, cause: Error) {
    super(`the API server ${server} cannot be reached: ${cause.message || (cause as NodeJS.ErrnoException).code}`, {
      cause,
    });
  }
}

export interface Answer {
  readonly status: number;
  readonly body: Properties;
  /** The API server's own warnings: deprecated versions, Pod Security findings. */
  readonly warnings: readonly string[];
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/**
 * Plain JSON requests to one API server. `@kubernetes/client-node` 2 needs a newer Node than this kit runs on, and all
 * that is wanted of it is server-side apply on objects of any kind.
 */
export class ApiClient {
  private readonly agent: http.Agent;

  constructor(private readonly access: Access) {
    const secure = access.server.startsWith("https:");
    this.agent = secure
      ? new https.Agent({
          keepAlive: true,
          maxSockets: 16,
          ca: access.certificateAuthority,
          cert: access.certificate,
          key: access.key,
        })
      : new http.Agent({ keepAlive: true, maxSockets: 16 });
  }

  get namespace(): string {
    return this.access.namespace;
  }

  /** @throws ApiError when the server refuses, Unreachable when there is no answer. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { status, text, warnings } = await this.send(method, path, options);
    const body = parseBody(text);
    if (status >= 200 && status < 300) return { status, body, warnings };
    const details = (body.details ?? {}) as { causes?: Cause[]; kind?: string; name?: string };
    const message = textOf(body.message, text.trim() || `HTTP ${status}`);
    throw new ApiError(status, message, textOf(body.reason), details.causes ?? [], details);
  }

  private send(method: string, path: string, { query, body, contentType, signal }: RequestOptions) {
    const url = new URL(this.access.server.replace(/\/$/, "") + path);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept: "application/json",
      ...(payload
        ? { "content-type": contentType ?? "application/json", "content-length": Buffer.byteLength(payload) }
        : {}),
      ...(this.access.token ? { authorization: `Bearer ${this.access.token}` } : {}),
    };
    const module = url.protocol === "https:" ? https : http;
    return new Promise<{ status: number; text: string; warnings: string[] }>((resolve, reject) => {
      const request = module.request(url, { method, headers, agent: this.agent, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
            warnings: warningsFrom(response.headers.warning),
          }),
        );
      });
      request.setTimeout(REQUEST_TIMEOUT_MILLISECONDS, () =>
        request.destroy(new Error(`no answer within ${REQUEST_TIMEOUT_MILLISECONDS / 1000} s`)),
      );
      request.on("error", (error) => reject(signal?.aborted ? error : new Unreachable(this.access.server, error)));
      request.end(payload);
    });
  }
}

function parseBody(text: string): Properties {
  try {
    return JSON.parse(text) as Properties;
  } catch {
    return {};
  }
}

/** `299 - "text", 299 - "text"`, with quotes inside escaped. */
function warningsFrom(header: string | string[] | undefined): string[] {
  return [...String(header ?? "").matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) =>
    text.replace(/\\(.)/g, "$1"),
  );
}
