import { join, resolve } from "node:path";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { readMachines, readSite, type SourceOptions } from "../boot-media/machine-source";
import { projectDirectory } from "../rehearse/rehearsal-files";
import { quoted } from "../quoted";
import { requireWritableFile } from "../writable-folder";
import { writeOperatorsKubeconfig } from "./operators-kubeconfig";

export interface KubeconfigOptions extends SourceOptions {
  readonly user: string;
  readonly hours: string;
  /** Default: `.cloister/kubeconfigs/<env>`. */
  readonly out?: string;
  readonly json?: boolean;
}

/** `kubeconfig <environment>`: a credential for one operator and one working day. */
export async function kubeconfig(name: string, options: KubeconfigOptions): Promise<number> {
  const environment = readSite(name, options.folder);
  const path = resolve(options.out ?? join(projectDirectory, ".cloister", "kubeconfigs", name));
  requireWritableFile({ path, option: "--out" });
  const { secrets } = await readMachines(environment, options, new StreamProgress());
  const { context, ends } = await writeOperatorsKubeconfig({ environment, secrets, ...options, path });
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ path, context, user: options.user, ends: ends.toISOString() }, null, 2)}\n`
      : `${path} is ${options.user}'s until ${ends.toISOString()}. Use it with \`export KUBECONFIG=${quoted(path)}\`; its context is ${context}.\n`,
  );
  return 0;
}
