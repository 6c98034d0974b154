import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { planSubstrate } from "../../components/foundation";
import {
  imageCatalogue,
  siteImageNames,
  type CatalogueEntry,
  type ImageLock,
  type ImageName,
  type LockEntry,
} from "../../components/images";
import { KitError, type Mistake } from "../../components/kit-error";
import { imagesOf } from "../../components/platform";
import type { Progress } from "../../rehearsal/setup/progress";
import { stacksFolder, type Environment } from "../../stacks/environment";
import { makeServiceImage } from "./service-image";

const run = promisify(execFile);

export interface ImagesArgs {
  readonly environment: Environment;
  /** Absolute path of the registry client. */
  readonly crane: string;
  readonly progress: Progress;
  /** A registry that holds the publishers' images under the catalogue's repositories, such as one carried over an air gap. */
  readonly from?: string;
  /** Host of the private registry. Default: the environment's. */
  readonly registry?: string;
  /** Default: `stacks/<env>/images.lock.json`. */
  readonly lockPath?: string;
}

export const lockPathOf = (environment: Environment): string =>
  join(stacksFolder, environment.name, "images.lock.json");

const registryOf = ({ environment, registry }: ImagesArgs): string =>
  registry ?? planSubstrate(environment).registry.host;

/** All that an environment runs: its platform, and what its own machines need before there is one. */
export const imagesOfEnvironment = ({ footprint, platform }: Environment): ImageName[] => [
  ...(footprint.kind === "private-cloud" ? [] : siteImageNames),
  ...imagesOf(platform),
];

/**
 * Copies what the environment runs into its private registry, and locks what that registry then reports.
 *
 * @throws KitError naming every image that could not be copied; the lock is written only when all were.
 */
export function mirror(args: ImagesArgs): Promise<ImageLock> {
  return lockAll(args, async (name, target) => {
    const { kind, upstream, repository, tag, service }: CatalogueEntry = imageCatalogue[name];
    if (service !== undefined && args.from === undefined) {
      const made = { crane: args.crane, service, base: upstream, target };
      await args.progress.step(`making ${repository} on ${upstream}`, () => makeServiceImage(made));
      return;
    }
    const source = args.from === undefined ? upstream : `${args.from}/${repository}:${tag}`;
    // Weights are no image at their publisher's: they are packed and pushed beforehand, and only locked here.
    if (kind === "model" && args.from === undefined) return;
    await args.progress.step(`copying ${source}`, () => run(args.crane, ["copy", source, target]));
  });
}

/** Locks what the private registry holds already, without copying. */
export function lock(args: ImagesArgs): Promise<ImageLock> {
  return lockAll(args, () => Promise.resolve());
}

async function lockAll(
  args: ImagesArgs,
  bring: (name: ImageName, target: string) => Promise<void>,
): Promise<ImageLock> {
  const mistakes: Mistake[] = [];
  const entries: [string, LockEntry][] = [];
  for (const name of imagesOfEnvironment(args.environment)) {
    const { upstream, repository, tag } = imageCatalogue[name];
    const target = `${registryOf(args)}/${repository}:${tag}`;
    try {
      await bring(name, target);
      entries.push([name, { upstream, repository, digest: await digestOf(args.crane, target), origin: "mirrored" }]);
    } catch (error) {
      mistakes.push(mistakeOf(name, target, error));
    }
  }
  if (mistakes.length > 0) throw new KitError(`The images of ${args.environment.name} could not be locked`, mistakes);
  const written: ImageLock = { apiVersion: "cloister.dev/image-lock/v1", entries: Object.fromEntries(entries) };
  const path = args.lockPath ?? lockPathOf(args.environment);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(written, null, 2)}\n`);
  return written;
}

/**
 * Compares the lock with what the private registry reports.
 *
 * @throws KitError naming every image that is missing there or has another digest.
 */
export async function verify(args: ImagesArgs): Promise<number> {
  const path = args.lockPath ?? lockPathOf(args.environment);
  const mend = `run \`npm run cloister -- images mirror ${args.environment.name}\``;
  if (!existsSync(path)) {
    throw new KitError("There is no image lock", [{ path, found: "no file", allowed: "a lock", mend }]);
  }
  const { entries } = JSON.parse(readFileSync(path, "utf8")) as ImageLock;
  const mistakes: Mistake[] = [];
  for (const name of imagesOfEnvironment(args.environment)) {
    const entry = entries[name];
    if (entry === undefined) {
      mistakes.push({ path: `${path} entries.${name}`, found: "no entry", allowed: "a digest", mend });
      continue;
    }
    const reference = `${registryOf(args)}/${entry.repository}@${entry.digest}`;
    try {
      await digestOf(args.crane, reference);
    } catch (error) {
      mistakes.push(mistakeOf(name, reference, error));
    }
  }
  if (mistakes.length > 0) throw new KitError(`The private registry does not hold what is locked`, mistakes);
  return Object.keys(entries).length;
}

async function digestOf(crane: string, reference: string): Promise<string> {
  const { stdout } = await run(crane, ["digest", reference]);
  return stdout.trim();
}

function mistakeOf(name: ImageName, reference: string, error: unknown): Mistake {
  const { stderr, message } = error as { stderr?: string; message: string };
  const said = (stderr ?? message).trim().split("\n").at(-1) ?? message;
  const { kind, upstream } = imageCatalogue[name];
  return {
    path: reference,
    found: said,
    allowed: `an image that the registry serves, copied from ${upstream}`,
    mend:
      kind === "model"
        ? "pack the weights as an OCI artifact and push it under this name, then run the command again"
        : "see that this machine reaches both registries and may write to the private one (crane reads Docker's credentials)",
  };
}
