import { request, type RequestOptions } from "node:https";
import type { IncomingMessage } from "node:http";
import type { SecureVersion } from "node:tls";
import type { Shown } from "./circles";

export interface KnockArgs {
  readonly port: number;
  /** Name the server is called by, and must show. */
  readonly host: string;
  /** Authorities of the server, PEM. */
  readonly trust: string;
  readonly shown?: Shown;
  /** Sent exactly as written. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxVersion?: SecureVersion;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

/** One request on a connection of its own; resolves with the head of the answer. */
export function open(args: KnockArgs): Promise<IncomingMessage> {
  const options: RequestOptions = {
    host: "127.0.0.1",
    port: args.port,
    servername: args.host,
    ca: args.trust,
    cert: args.shown?.chain,
    key: args.shown?.key,
    path: args.path,
    method: args.method ?? (args.body === undefined ? "GET" : "POST"),
    headers: { host: `${args.host}:${args.port}`, ...args.headers },
    maxVersion: args.maxVersion,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    request(options, resolve).on("error", reject).end(args.body);
  });
}

/** One request and its whole answer. Rejects where no connection comes about. */
export async function knock(args: KnockArgs): Promise<Answer> {
  const response = await open(args);
  let body = "";
  for await (const piece of response.setEncoding("utf8")) body += piece as string;
  return { status: response.statusCode ?? 0, body, headers: response.headers };
}
