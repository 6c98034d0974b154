/** What a rehearsal asks its supervisor to run, and the messages that carry it. */

/** How to see that a server takes requests. */
export type ReadinessProbe =
  /** Ready when the URL answers 200. `authority`: PEM file of the CA that its certificate must chain to. */
  | { readonly url: string; readonly authority?: string }
  /** Ready when 127.0.0.1 accepts a TCP connection on this port. */
  | { readonly port: number }
  /** Ready when a Unix socket of this path accepts a connection. */
  | { readonly socket: string };

export interface ServerSpecification {
  /** Unique within the rehearsal; names the log file too, such as `kube-apiserver`. */
  readonly name: string;
  /** Absolute path of the program. */
  readonly command: string;
  /** Shown by `ps` and kept in the process table: never put a secret here. */
  readonly args: readonly string[];
  /** The whole environment of the server beside PATH, HOME and TMPDIR: nothing ambient leaks in. Never recorded. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The port it listens on, for the process table. */
  readonly port?: number;
  readonly ready: ReadinessProbe;
  /** Seconds until an unready server counts as failed. @default 60 */
  readonly readyWithinSeconds?: number;
  /** Seconds between SIGTERM and SIGKILL. @default 10 */
  readonly graceSeconds?: number;
  /** When it dies by itself, the whole rehearsal ends. @default true */
  readonly essential?: boolean;
}

export interface StartedServer {
  readonly name: string;
  readonly pid: number;
  /** Seconds from start to ready. */
  readonly seconds: number;
  /** The file its output goes to. */
  readonly log: string;
}

/** A server that did not become ready, or died. */
export interface ServerFailure {
  readonly name: string;
  /** One sentence, such as "kube-apiserver ended by itself with exit code 1". */
  readonly reason: string;
  readonly log: string;
  /** The last lines of its log. */
  readonly logTail: string;
}

export type Request =
  | { readonly kind: "start"; readonly id: number; readonly specification: ServerSpecification }
  | { readonly kind: "keep"; readonly id: number; readonly hours: number }
  | { readonly kind: "stop"; readonly id: number };

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly id: number; readonly value?: StartedServer | string }
  | { readonly kind: "failed"; readonly id: number; readonly failure: ServerFailure }
  | { readonly kind: "died"; readonly failure: ServerFailure };
