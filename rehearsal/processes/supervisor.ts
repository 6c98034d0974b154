import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withOwnerLock } from "../setup/owner-lock";
import { ambientEnvironment } from "./ambient-environment";
import { lives } from "./process-identity";
import { type ProcessTable, readProcessTable, reap } from "./process-table";
import type { Reply, Request, ServerFailure, ServerSpecification, StartedServer } from "./server-specification";

/** Hours after which a kept rehearsal stops by itself. */
export const DEFAULT_KEEP_HOURS = 8;

/** A server that could not be started, or died; the message holds the last lines of its log. */
export class ServerError extends Error {
  constructor(readonly failure: ServerFailure) {
    super(`${failure.reason}. The end of ${failure.log}:\n${failure.logTail}`);
    this.name = "ServerError";
  }
}

type DistributedRequest<R> = R extends Request ? Omit<R, "id"> : never;
type Waiting = { resolve: (value: StartedServer | string | undefined) => void; reject: (error: Error) => void };

/**
 * The supervisor of one rehearsal's servers: a process of its own, so that servers end in order even when this one is
 * killed. It stops everything when it is told to, when this process goes away without `keep`, when the time of a kept
 * rehearsal ends, or when an essential server dies.
 */
export class Supervisor {
  /** Names of processes that an earlier, killed or kept, run had left and that were ended first. */
  readonly reaped: readonly string[];
  /** Aborted, with a ServerError as its reason, when an essential server dies. */
  readonly failure: AbortSignal;
  private readonly failing = new AbortController();
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private closing = false;
  private nextId = 1;

  private constructor(
    /** Absolute. */
    readonly directory: string,
    private readonly child: ChildProcess,
    reaped: readonly string[],
  ) {
    this.reaped = reaped;
    this.failure = this.failing.signal;
    child.on("message", (reply: Reply) => this.take(reply));
    this.exited = new Promise((resolve) => child.once("exit", () => resolve()));
    void this.exited.then(() => {
      if (!this.closing) this.fail(new Error(`The supervisor of ${directory} ended; see ${logPath(directory)}.`));
    });
  }

  /**
   * Ends what an earlier run left in the directory, then starts a supervisor for it.
   *
   * @param directory of the rehearsal; the process table, remembered ports and `logs/` live there.
   * @throws RehearsalBusyError when another command is at work in the directory.
   */
  static async start(directory: string): Promise<Supervisor> {
    const absolute = resolve(directory);
    return withOwnerLock(lockPath(absolute), async () => Supervisor.spawn(absolute, await reap(absolute)));
  }

  private static async spawn(directory: string, reaped: readonly string[]): Promise<Supervisor> {
    mkdirSync(join(directory, "logs"), { recursive: true });
    const log = openSync(logPath(directory), "a", 0o600);
    const loader = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
    const main = join(__dirname, "supervisor-main.ts");
    // Detached: Ctrl-C in the terminal reaches the command line, which then decides; not the supervisor.
    const child = spawn(process.execPath, ["--import", loader, main, directory, String(process.pid)], {
      detached: true,
      // It may outlive the command for hours: the person's credentials do not stay in it.
      env: ambientEnvironment(),
      stdio: ["ignore", log, log, "ipc"],
    });
    closeSync(log);
    const supervisor = new Supervisor(directory, child, reaped);
    await new Promise<unknown>((ready, reject) => supervisor.waiting.set(0, { resolve: ready, reject }));
    return supervisor;
  }

  /** Starts a server and resolves once it is ready. @throws ServerError with the end of its log. */
  async startServer(specification: ServerSpecification): Promise<StartedServer> {
    return (await this.ask({ kind: "start", specification })) as StartedServer;
  }

  /**
   * Lets the servers outlive this process; they stop by themselves after the hours given.
   *
   * @returns when that will be, as an ISO 8601 time.
   */
  async keep(hours: number = DEFAULT_KEEP_HOURS): Promise<string> {
    const stopsAt = (await this.ask({ kind: "keep", hours })) as string;
    this.closing = true;
    this.child.disconnect();
    this.child.unref();
    return stopsAt;
  }

  /** Ends all servers, last started first, and then the supervisor. Does nothing more the second time. */
  async stop(): Promise<void> {
    // After a failure the supervisor is ending already.
    if (!this.closing && !this.failure.aborted) await this.ask({ kind: "stop" });
    this.closing = true;
    if (this.child.connected) this.child.disconnect();
    await this.exited;
  }

  private ask(request: DistributedRequest<Request>): Promise<StartedServer | string | undefined> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.failure.throwIfAborted();
      this.waiting.set(id, { resolve, reject });
      this.child.send({ ...request, id }, (error) => error !== null && reject(error));
    });
  }

  private take(reply: Reply): void {
    if (reply.kind === "died") return this.fail(new ServerError(reply.failure));
    const id = reply.kind === "ready" ? 0 : reply.id;
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (reply.kind === "failed") waiting?.reject(new ServerError(reply.failure));
    else waiting?.resolve(reply.kind === "done" ? reply.value : undefined);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
    this.failing.abort(error);
  }
}

function lockPath(directory: string): string {
  return join(directory, "supervisor.lock");
}

function logPath(directory: string): string {
  return join(directory, "logs", "supervisor.log");
}

/** The running rehearsal of a directory, or undefined when its supervisor does not live. */
export function runningRehearsal(directory: string): ProcessTable | undefined {
  const table = readProcessTable(resolve(directory));
  return table !== undefined && lives(table.supervisor) ? table : undefined;
}

/**
 * Ends the rehearsal of a directory, kept or killed, and whatever it left.
 *
 * @returns the names of the servers that were ended.
 */
export async function stopRehearsal(directory: string): Promise<string[]> {
  const absolute = resolve(directory);
  return withOwnerLock(lockPath(absolute), () => reap(absolute));
}
