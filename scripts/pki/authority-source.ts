import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { AuthorityName } from "../../components/certificates";
import type { Authorities, Authority } from "../../components/foundation/pki/pki-plan";
import { KitError } from "../../components/kit-error";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { prepareToolbox } from "../../rehearsal/setup/toolbox";
import { stackName } from "../../stacks/environment";
import { Engine } from "../engine/engine";
import { operatorsEngine } from "../engine/operators-engine";
import { rehearsalEnvironment } from "../rehearse/rehearsal-environment";
import { RehearsalFiles } from "../rehearse/rehearsal-files";

export interface AuthoritySource {
  /** The authorities of the environment's rehearsal: what they issue opens nothing real. */
  readonly rehearsed?: boolean;
  /** Folder in which rehearsals keep their files. Default: `.cloister/rehearsals`. */
  readonly state?: string;
}

/**
 * The intermediate of a circle, with its key, from the secrets of the foundation's stack.
 *
 * @throws KitError where there is none yet.
 */
export async function readAuthority(name: string, circle: AuthorityName, source: AuthoritySource): Promise<Authority> {
  const stack = stackName(name, "foundation");
  const engine = await engineOf(name, stack, source);
  const secret = await engine?.ask(["config", "get", "cloister:pki", "--stack", stack]);
  if (secret !== undefined) return (JSON.parse(secret) as Authorities)[circle];
  throw new KitError("The authority is not there", [
    {
      path: `${stack} cloister:pki`,
      found: "nothing that you can read",
      allowed: "the intermediates that a ceremony put there",
      mend:
        source.rehearsed === true
          ? `run \`npm run rehearse -- ${name}\` first`
          : `hold the ceremony: \`npm run cloister -- pki ${name} --roots FILE\``,
    },
  ]);
}

async function engineOf(name: string, stack: string, source: AuthoritySource): Promise<Engine | undefined> {
  const progress = new StreamProgress();
  if (source.rehearsed !== true) {
    const { engine } = await operatorsEngine(progress);
    await engine.requireStack(stack);
    return engine;
  }
  const files = new RehearsalFiles(name, source.state === undefined ? undefined : resolve(source.state));
  if (!existsSync(files.stackSettings(stack))) return undefined;
  const toolbox = await prepareToolbox(["pulumi"], progress);
  return new Engine({
    command: toolbox.engine.path,
    environment: rehearsalEnvironment(files, toolbox),
    projectDirectory: files.project,
    logDirectory: files.logs,
  });
}
