import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packSha256 as contentOf } from "../../policies/evidence/ledger";
import type { InstalledPlugin } from "../../rehearsal/providers/install";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { projectDirectory, type RehearsalFiles } from "./rehearsal-files";

/** Folders and files whose content decides what the program asks for, how it is judged and who carries it out. */
const sources = ["components", "policies", "rehearsal", "scripts", "stacks"];
const sourceFiles = ["index.ts", "load-typescript.cjs", "Pulumi.yaml", "package-lock.json"];

export interface ReleasedInputs {
  readonly environment: Environment;
  readonly files: RehearsalFiles;
  readonly toolbox: Toolbox;
  readonly plugins: readonly InstalledPlugin[];
  /** Both stacks of the environment. */
  readonly stacks: readonly string[];
}

/**
 * What a release followed from, but for the time and what others did to the site. Where both are as they were, the same
 * program meets the same state, so a preview that finds nothing to do is all that an update would have done.
 */
export interface Release {
  /** SHA-256 over sources, environment, settings, locks and tools, as they were before the stacks were run. */
  readonly inputs: string;
  /** SHA-256 over the state of both stacks, as it was judged. */
  readonly state: string;
}

export function stateFingerprint(files: RehearsalFiles, stacks: readonly string[]): string {
  return digest(stacks.map((stack) => [stack, contentOfFile(files.stackState(stack))]));
}

export function inputsFingerprint({ environment, files, toolbox, plugins, stacks }: ReleasedInputs): string {
  const paths = [
    ...sourceFiles.map((file) => join(projectDirectory, file)),
    ...stacks.map((stack) => files.stackSettings(stack)),
    files.imageLock,
    files.authorities,
  ];
  // The engine and its host stand for themselves by their paths: what the set-up builds is kept by content.
  const { path, version, languageHost } = toolbox.engine;
  return digest([
    ...sources.map((folder) => [folder, contentOf(join(projectDirectory, folder))]),
    ...paths.map((file) => [file, contentOfFile(file)]),
    {
      environment,
      engine: [path, version, languageHost],
      moto: toolbox.find("moto-python"),
      plugins,
      node: process.version,
    },
  ]);
}

const digest = (content: unknown): string => createHash("sha256").update(JSON.stringify(content)).digest("hex");

const contentOfFile = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "absent");
