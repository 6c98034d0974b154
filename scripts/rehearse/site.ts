import { join } from "node:path";
import type { Authorities } from "../../components/foundation/pki/pki-plan";
import { checkAuthorities } from "../../components/foundation/pki/pki-plan";
import { planSubstrate } from "../../components/foundation";
import { PORT_NAMES } from "../../rehearsal/control-plane/servers";
import { isolatedEnvironment } from "../../rehearsal/isolation";
import { startObjectStore, type ObjectStore } from "../../rehearsal/object-store/object-store";
import { freePorts } from "../../rehearsal/processes/free-ports";
import type { Supervisor } from "../../rehearsal/processes/supervisor";
import { installProviders, type InstalledPlugin } from "../../rehearsal/providers/install";
import { startRegistry } from "../../rehearsal/registry/registry";
import type { Progress } from "../../rehearsal/setup/progress";
import { cacheDirectory } from "../../rehearsal/setup/tool-cache";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { holdCeremony, makeRoots } from "../pki/ceremony";
import { lockPlaceholders } from "./placeholders";
import type { RehearsalFiles } from "./rehearsal-files";

/** What stands before the engine is called: real servers on loopback, plugins, and an environment without any account. */
export interface RehearsalSite {
  readonly store: ObjectStore;
  readonly plugins: readonly InstalledPlugin[];
  /** The environment of everything that the rehearsal starts. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface SiteArgs {
  readonly environment: Environment;
  readonly files: RehearsalFiles;
  readonly toolbox: Toolbox;
  readonly supervisor: Supervisor;
  readonly progress: Progress;
}

/** Brings the site up; on the files of an earlier run it goes on with what is there. */
export async function openSite(args: SiteArgs): Promise<RehearsalSite> {
  const { files, progress } = args;
  // Chosen here, so that the servers, which are started side by side, find theirs remembered.
  await freePorts(files.directory, ["registry", "object-store", ...PORT_NAMES]);
  const store = await progress.step("starting registry and object store", () => startStores(args));
  const officialHome = join(process.env.HOME ?? "/", ".pulumi");
  const plugins = await installProviders({ pulumiHome: files.pulumiHome, officialHome });
  return { store, plugins, environment: engineEnvironment(args, store) };
}

/** The registry with an image for each of the catalogue's, and the object store. */
async function startStores({ environment, files, toolbox, supervisor }: SiteArgs): Promise<ObjectStore> {
  const { directory } = files;
  const registry = await startRegistry({ directory, binary: toolbox.path("registry") }, supervisor);
  files.writeJson(files.imageLock, await lockPlaceholders(registry, toolbox.path("crane")));
  const { region } = planSubstrate(environment).objectStore;
  return startObjectStore({ directory, binary: toolbox.path("versitygw"), region }, supervisor);
}

/** The engine sees the rehearsal's own home, backend, passphrase, cluster and store, and nothing of the person's. */
function engineEnvironment({ environment, files, toolbox }: SiteArgs, store: ObjectStore): NodeJS.ProcessEnv {
  const { endpoint } = planSubstrate(environment).objectStore;
  const { accessKeyId, secretAccessKey, region } = store;
  const endpoints =
    endpoint === undefined ? {} : { [endpoint]: { url: store.endpoint, accessKeyId, secretAccessKey, region } };
  return isolatedEnvironment(process.env, {
    home: files.home,
    pulumiHome: files.pulumiHome,
    stateDirectory: files.state,
    passphraseFile: files.passphrase,
    kubeconfig: files.kubeconfig,
    cacheDirectory: cacheDirectory(process.env),
    binaryDirectories: [toolbox.engine.languageHost.directory, join(process.execPath, "..")],
    variables: {
      CLOISTER_REHEARSAL_ENDPOINTS: JSON.stringify(endpoints),
      CLOISTER_FIDELITY_LOG: files.fidelityLog,
      // The kit supports Node 20; that the AWS SDK will leave it one day is not news for every run.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
  });
}

/** The authorities of the rehearsal: a ceremony at the first run, and again when they no longer outlive what they issue. */
export async function rehearsedAuthorities(environment: Environment, files: RehearsalFiles): Promise<Authorities> {
  const kept = files.readJson<Authorities>(files.authorities);
  const { certificateDays } = environment.platform.door;
  if (kept !== undefined) {
    try {
      checkAuthorities(environment.name, kept, certificateDays, Date.now());
      return kept;
    } catch {
      // They end too soon: another ceremony follows.
    }
  }
  const slug = environment.organisation.slug;
  const now = new Date();
  const authorities = await holdCeremony(await makeRoots(slug, environment.name, now), slug, now);
  files.writeJson(files.authorities, authorities);
  return authorities;
}
