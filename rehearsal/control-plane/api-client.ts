import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { Credential } from "./authority";

/** What the server said no to, with its HTTP status and its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    what: string,
    body: string,
  ) {
    super(`${what} answered ${status}: ${reason(body)}`);
    this.name = "ApiError";
  }
}

/** A Kubernetes object, as far as the bootstrap looks into one. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** JSON over mutual TLS, as the bootstrap of a control plane needs it; nothing more. */
export class ApiClient {
  private readonly agent: Agent;

  /**
   * @param server such as `https://127.0.0.1:6443`.
   * @param caCertificate PEM of the authority the server's certificate must chain to.
   * @param credential absent: the request carries no identity at all.
   */
  constructor(
    private readonly server: string,
    caCertificate: string,
    credential?: Credential,
  ) {
    this.agent = new Agent({
      keepAlive: true,
      ca: caCertificate,
      cert: credential?.certificate,
      key: credential?.key,
      // An authority below an offline root is trusted by itself, as Go's programs do.
      allowPartialTrustChain: true,
    });
  }

  /** @throws ApiError when the answer is not a 2xx. */
  async request<Answer>(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer> {
    const what = `${method} ${path}`;
    return new Promise((resolve, reject) => {
      const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": type }) };
      const call = request(new URL(path, this.server), { method, agent: this.agent, headers, timeout: 30_000 });
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299) return reject(new ApiError(status, what, text));
          resolve((text === "" ? undefined : parse(text)) as Answer);
        });
      });
      call.on("error", reject);
      call.on("timeout", () => call.destroy(new Error(`${what} got no answer within 30 seconds.`)));
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Server-side apply: makes the object or brings it to this state, whoever changed it since. */
  apply<Answer>(path: string, object: ApiObject, subresource = ""): Promise<Answer> {
    const query = "fieldManager=cloister-rehearsal&force=true";
    const target = `${path}/${encodeURIComponent(object.metadata.name)}${subresource}?${query}`;
    return this.request("PATCH", target, object, "application/apply-patch+yaml");
  }

  /** Asks until the answer satisfies, at most the seconds given. */
  async until<Answer>(
    path: string,
    satisfied: (answer: Answer) => boolean,
    what: string,
    seconds = 30,
  ): Promise<Answer> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const answer = await this.request<Answer>("GET", path).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
      });
      if (answer !== undefined && satisfied(answer)) return answer;
      if (Date.now() > deadline) throw new Error(`${what} did not come to be within ${seconds} seconds.`);
      await sleep(50);
    }
  }

  /** Closes the connections that were kept open. */
  close(): void {
    this.agent.destroy();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A Kubernetes Status carries its sentence in `message`. */
function reason(body: string): string {
  const status = parse(body);
  return typeof status === "object" && status !== null && "message" in status ? String(status.message) : body;
}
