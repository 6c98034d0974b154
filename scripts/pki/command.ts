import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { operatorsEngine } from "../engine/operators-engine";
import { readEnvironment, stackName } from "../../stacks/environment";
import { readPassphrase } from "../passphrase";
import { holdCeremony, makeRoots, openRoots, sealRoots, type Roots } from "./ceremony";

export interface PkiOptions {
  /** File of the sealed roots; made where it is not there. */
  readonly roots: string;
}

/** `pki <environment>`: each root signs a new intermediate, and these become a secret of the foundation's stack. */
export async function pki(name: string, options: PkiOptions): Promise<number> {
  const environment = readEnvironment(name);
  const slug = environment.organisation.slug;
  const file = resolve(options.roots);
  const now = new Date();
  const passphrase = await readPassphrase({
    variable: "CLOISTER_ROOT_PASSPHRASE",
    of: file,
    title: "The roots need a passphrase",
  });
  const roots = existsSync(file) ? openKept(file, passphrase) : await makeRoots(slug, name, now);
  const { engine } = await operatorsEngine(new StreamProgress());
  const stack = stackName(name, "foundation");
  await engine.requireStack(stack);
  const authorities = await holdCeremony(roots, slug, now);
  if (!existsSync(file)) writePrivateFile(file, sealRoots(roots, passphrase));
  await engine.setSecret(stack, "cloister:pki", JSON.stringify(authorities));
  process.stdout.write(
    `The intermediates of ${name} are a secret of ${stack}. The roots are in ${file}: carry it to where no network reaches.\n`,
  );
  return 0;
}

function openKept(file: string, passphrase: string): Roots {
  try {
    return openRoots(readFileSync(file, "utf8"), passphrase);
  } catch (error) {
    throw new KitError("The roots cannot be opened", [
      {
        path: file,
        found: (error as Error).message,
        allowed: "roots sealed by this command, and their passphrase",
        mend: "give the right passphrase, or the right file; without the roots new ones must be made and all clients told",
      },
    ]);
  }
}
