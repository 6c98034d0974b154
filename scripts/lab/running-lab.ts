import type { LabFiles } from "../ledger/sources";
import type { RenderedCompose } from "./compose/render-compose";
import type { Ground } from "./ground/ground";

/** One line of the lab's table. */
export interface LabRow {
  readonly name: string;
  /** `zone/pod`. */
  readonly pod: string;
  /** What it runs as, or why it was not started. */
  readonly runsAs: string;
  readonly started: boolean;
}

/** A lab that is up, however its services run. */
export interface RunningLab {
  /** `processes` of this machine, or `containers` of an engine. */
  readonly kind: "processes" | "containers";
  /** Folder of its files, absolute. */
  readonly directory: string;
  readonly ground: Ground;
  readonly composed: RenderedCompose;
  readonly rows: readonly LabRow[];
  /** Ports on 127.0.0.1 of the door's pods. */
  readonly doors: readonly number[];
  /** Where `ledger --lab` finds the record. */
  readonly ledger: LabFiles;
  stop(): Promise<void>;
}
