import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Authorities } from "../components/foundation/pki/pki-plan";
import type { ImageLock } from "../components/images";
import { KitError } from "../components/kit-error";
import { parseStackName, readEnvironment, stacksFolder, type Environment, type Layer } from "./environment";

const lockFile = "images.lock.json";

/** What a running stack is of, read from its name and its few settings. */
export interface StackSettings {
  readonly environment: Environment;
  readonly layer: Layer;
  /** Folder of a rehearsal's own files; undefined everywhere else. Set by the rehearsal alone. */
  readonly rehearsal?: string;
}

/**
 * Reads which environment and layer this stack is.
 *
 * @throws KitError for a stack that belongs to no layer, an environment that is not valid, or a name that disagrees.
 */
export function readStackSettings(): StackSettings {
  const { environment, layer } = parseStackName(pulumi.getStack());
  const config = new pulumi.Config();
  const configured = config.get("environment") ?? environment;
  if (configured !== environment) {
    throw new KitError("The stack and its settings disagree", [
      {
        path: `stacks/Pulumi.${pulumi.getStack()}.yaml cloister:environment`,
        found: configured,
        allowed: environment,
        mend: "set it to the environment that the stack is named after",
      },
    ]);
  }
  const folder = config.get("environmentFolder");
  const rehearsal = config.get("rehearsal");
  return { environment: readEnvironment(environment, folder ?? stacksFolder), layer, rehearsal };
}

/**
 * The authorities that the offline ceremony left in the foundation's settings, encrypted.
 *
 * @throws KitError where no ceremony was held.
 */
export async function readAuthorities(environment: Environment): Promise<Authorities> {
  const secret = new pulumi.Config().getSecretObject<Authorities>("pki");
  if (secret === undefined) {
    throw new KitError("The environment has no certificate authorities", [
      {
        path: `stacks/Pulumi.${environment.name}-foundation.yaml cloister:pki`,
        found: "nothing",
        allowed: "the encrypted intermediates of the offline roots",
        mend: `run \`npm run cloister -- pki ${environment.name} --roots FILE\` where the roots are kept`,
      },
    ]);
  }
  return new Promise((resolve) => secret.apply(resolve));
}

/** Where the lock stands, and what is in it. */
export function readImageLock({ environment, rehearsal }: StackSettings): {
  lock: ImageLock | undefined;
  lockPath: string;
} {
  const directory = rehearsal ?? join(stacksFolder, environment.name);
  const path = join(rehearsal ?? join("stacks", environment.name), lockFile);
  return { lock: readImageLockAt(directory), lockPath: path };
}

/** The image lock in a folder; undefined where there is none. */
export function readImageLockAt(directory: string): ImageLock | undefined {
  const path = join(directory, lockFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ImageLock) : undefined;
}
