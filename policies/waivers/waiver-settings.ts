import type { Waiver } from "./waiver";

/** What the pack is told of an environment's waivers: those as they should be, and those that are not, so that none is lost. */
export interface WaiverSettings {
  /** The file as a person names it, such as `stacks/on-prem/waivers.yaml`. */
  readonly file: string;
  /** SHA-256 of the file's bytes; absent where there is no file. */
  readonly sha256?: string;
  readonly entries: readonly Waiver[];
  readonly malformed: readonly MalformedWaiver[];
  /** Mail addresses of those who may agree to a waiver of this environment. */
  readonly approvers: readonly string[];
}

export interface MalformedWaiver {
  /** What could be read of it; empty text for what could not. */
  readonly waiver: Waiver;
  /** What is wrong, each in a sentence with its place. */
  readonly mistakes: readonly string[];
}
