import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ambientEnvironment } from "./ambient-environment";
import { end, identify } from "./process-identity";
import type { RecordedProcess } from "./process-table";
import { isReady } from "./readiness";
import type { ServerFailure, ServerSpecification, StartedServer } from "./server-specification";

const TAIL_LINES = 20;

/** One child of the supervisor, from its start to its end. */
export class SupervisedServer {
  /** What the process table says of it; undefined when it could not be started or was gone at once. */
  readonly record: RecordedProcess | undefined;
  private readonly child: ChildProcess;
  private ended: string | undefined;

  /**
   * Starts the program at once.
   *
   * @param onEnd called once when the program ends, whoever ended it.
   */
  constructor(
    readonly specification: ServerSpecification,
    private readonly log: string,
    onEnd: (server: SupervisedServer) => void,
  ) {
    const { name, command, args, port, graceSeconds = 10 } = specification;
    const output = openLog(log);
    try {
      this.child = spawn(command, [...args], {
        stdio: ["ignore", output, output],
        env: { ...ambientEnvironment(), ...specification.environment },
      });
    } finally {
      closeSync(output);
    }
    this.child.on("error", (error) => (this.ended ??= `cannot be started: ${error.message}`));
    this.child.on("exit", (code, signal) => {
      this.ended = signal === null ? `ended by itself with exit code ${code}` : `was ended by ${signal}`;
      onEnd(this);
    });
    const identity = this.child.pid === undefined ? undefined : identify(this.child.pid);
    this.record = identity && { ...identity, name, command, args: [...args], port, graceSeconds, log };
  }

  /** Resolves when the server takes requests; gives the failure when it ends, or its time does, before that. */
  async ready(): Promise<StartedServer | ServerFailure> {
    const { ready, readyWithinSeconds = 60, name } = this.specification;
    const started = Date.now();
    for (;;) {
      await sleep(25);
      if (this.ended !== undefined) return this.failure();
      if (this.record !== undefined && (await isReady(ready))) {
        return { name, pid: this.record.pid, seconds: (Date.now() - started) / 1000, log: this.log };
      }
      if (Date.now() - started > readyWithinSeconds * 1000) {
        return this.failure(
          `was not ready within ${readyWithinSeconds} seconds (probe: ${describe(this.specification)})`,
        );
      }
    }
  }

  async stop(): Promise<void> {
    if (this.record !== undefined && this.ended === undefined) await end(this.record, this.record.graceSeconds);
  }

  failure(reason = this.ended ?? "failed"): ServerFailure {
    const { name } = this.specification;
    return { name, reason: `${name} ${reason}`, log: this.log, logTail: tail(this.log) };
  }
}

function describe({ ready }: ServerSpecification): string {
  if ("url" in ready) return ready.url;
  return "port" in ready ? `127.0.0.1:${ready.port}` : ready.socket;
}

/** The log of the run before is kept beside it: after a crash that is the one a person wants. */
function openLog(log: string): number {
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log)) renameSync(log, log.replace(/\.log$/, ".previous.log"));
  return openSync(log, "a", 0o600);
}

function tail(log: string): string {
  return readFileSync(log, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
}
