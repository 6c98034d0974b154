import { join } from "node:path";
import { isolatedEnvironment } from "../../rehearsal/isolation";
import { cacheDirectory } from "../../rehearsal/setup/tool-cache";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { RehearsalFiles } from "./rehearsal-files";

/** What an engine of a rehearsal sees: the rehearsal's own home, backend, passphrase and cluster, and nothing of the person's. */
export const rehearsalEnvironment = (
  files: RehearsalFiles,
  toolbox: Toolbox,
  variables: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv =>
  isolatedEnvironment(process.env, {
    home: files.home,
    pulumiHome: files.pulumiHome,
    stateDirectory: files.state,
    passphraseFile: files.passphrase,
    kubeconfig: files.kubeconfig,
    cacheDirectory: cacheDirectory(process.env),
    binaryDirectories: [toolbox.engine.languageHost.directory, join(process.execPath, "..")],
    variables,
  });
