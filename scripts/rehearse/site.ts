import { join } from "node:path";
import type { Authorities } from "../../components/foundation/pki/pki-plan";
import { checkAuthorities } from "../../components/foundation/pki/pki-plan";
import { planSubstrate } from "../../components/foundation";
import { startControlPlane, type ControlPlane } from "../../rehearsal/control-plane/control-plane";
import { isolatedEnvironment } from "../../rehearsal/isolation";
import { startObjectStore, type ObjectStore } from "../../rehearsal/object-store/object-store";
import type { Supervisor } from "../../rehearsal/processes/supervisor";
import { installProviders, type InstalledPlugin } from "../../rehearsal/providers/install";
import { startRegistry } from "../../rehearsal/registry/registry";
import type { Progress } from "../../rehearsal/setup/progress";
import { cacheDirectory } from "../../rehearsal/setup/tool-cache";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { holdCeremony, makeRoot } from "../pki/ceremony";
import { layStorage } from "./ground";
import { rehearsedNodes } from "./nodes";
import { lockPlaceholders } from "./placeholders";
import type { RehearsalFiles } from "./rehearsal-files";

/** What stands before the engine is called: real servers on loopback, plugins, and an environment without any account. */
export interface RehearsalSite {
  readonly controlPlane: ControlPlane;
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
  const { environment, files, toolbox, supervisor, progress } = args;
  const substrate = planSubstrate(environment);
  const registry = await progress.step("starting the image registry", () =>
    startRegistry({ directory: files.directory, binary: toolbox.path("registry") }, supervisor),
  );
  const lock = await progress.step("placing placeholder images", () =>
    lockPlaceholders(registry, toolbox.path("crane")),
  );
  files.writeJson(files.imageLock, lock);
  const store = await progress.step("starting the object store", () =>
    startObjectStore(
      { directory: files.directory, binary: toolbox.path("versitygw"), region: substrate.objectStore.region },
      supervisor,
    ),
  );
  const controlPlane = await progress.step("starting the control plane", () =>
    startControlPlane(
      {
        directory: files.directory,
        context: substrate.kubernetes.context,
        kubernetesVersion: substrate.kubernetes.minor,
        nodes: rehearsedNodes(environment),
        binaries: {
          etcd: toolbox.path("etcd"),
          kubeApiserver: toolbox.path("kube-apiserver"),
          kubeControllerManager: toolbox.path("kube-controller-manager"),
          kubeScheduler: toolbox.path("kube-scheduler"),
          kwok: toolbox.path("kwok"),
        },
      },
      supervisor,
    ),
  );
  await layStorage({
    kubectl: toolbox.path("kubectl"),
    kubeconfig: controlPlane.kubeconfigPath,
    directory: files.directory,
    storageClass: substrate.storageClass.name,
  });
  const officialHome = join(process.env.HOME ?? "/", ".pulumi");
  const plugins = await installProviders({ pulumiHome: files.pulumiHome, officialHome });
  return { controlPlane, store, plugins, environment: engineEnvironment(args, store) };
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
  const authorities = await holdCeremony(await makeRoot(slug, environment.name, now), slug, now);
  files.writeJson(files.authorities, authorities);
  return authorities;
}
