import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify } from "../../rehearsal/processes/process-identity";
import { parseEvents, type EngineEvent } from "./engine-events";

/** Memory where the system has it: what is never on a disk is not found on one. */
const shelter = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const prefix = "cloister-events-";

/**
 * The event log of one run. The engine's debugging messages, which it cannot be kept from writing there, hold secrets in
 * clear: so the log lies where only its owner reads, for as long as the run takes, and what is kept is without them.
 */
export class PrivateEventLog {
  private readonly directory: string;

  public constructor() {
    sweep();
    this.directory = mkdtempSync(join(shelter, `${prefix}${process.pid}-`));
  }

  public get path(): string {
    return join(this.directory, "events.jsonl");
  }

  /** The events so far, but for debugging messages. */
  public read(): EngineEvent[] {
    if (!existsSync(this.path)) return [];
    return parseEvents(readFileSync(this.path, "utf8")).filter((event) => event.diagnosticEvent?.severity !== "debug");
  }

  /** What may be kept of the log, which also goes to a file that only its owner reads. */
  public keep(path: string): EngineEvent[] {
    const events = this.read();
    rmSync(path, { force: true });
    writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(""), { mode: 0o600 });
    return events;
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** One's own logs that a killed run left: their process is gone. The shelter is shared, other people's are theirs. */
function sweep(): void {
  for (const name of readdirSync(shelter).filter((candidate) => candidate.startsWith(prefix))) {
    const path = join(shelter, name);
    const own = statSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.();
    const pid = Number(name.slice(prefix.length).split("-")[0]);
    if (own && identify(pid) === undefined) rmSync(path, { recursive: true, force: true });
  }
}
