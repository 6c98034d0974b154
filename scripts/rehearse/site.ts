import { join } from "node:path";
import type { Authorities } from "../../components/foundation/pki/pki-plan";
import { checkAuthorities } from "../../components/foundation/pki/pki-plan";
import { planSubstrate } from "../../components/foundation";
import { PORT_NAMES } from "../../rehearsal/control-plane/servers";
import { lackingTypes, startObjectStore, type ObjectStore } from "../../rehearsal/object-store/object-store";
import { layAccount } from "../../rehearsal/moto/account";
import { startMoto, type Moto } from "../../rehearsal/moto/moto";
import { freePorts } from "../../rehearsal/processes/free-ports";
import type { Supervisor } from "../../rehearsal/processes/supervisor";
import { installProviders, type InstalledPlugin } from "../../rehearsal/providers/install";
import { startRegistry } from "../../rehearsal/registry/registry";
import type { Progress } from "../../rehearsal/setup/progress";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { Environment } from "../../stacks/environment";
import { holdCeremony, makeRoots } from "../pki/ceremony";
import { lockPlaceholders } from "./placeholders";
import { rehearsalEnvironment } from "./rehearsal-environment";
import type { RehearsalFiles } from "./rehearsal-files";

/** What stands before the engine is called: real servers on loopback, plugins, and an environment without any account. */
export interface RehearsalSite {
  readonly store: ObjectStore;
  /** The store elsewhere that a cage copies its backups to: a server of its own. */
  readonly backupTarget?: ObjectStore;
  /** In the place of AWS, where the environment is on AWS and this machine has Python. */
  readonly moto?: Moto;
  readonly plugins: readonly InstalledPlugin[];
  /** The environment of everything that the rehearsal starts. */
  readonly environment: NodeJS.ProcessEnv;
}

type Stores = Pick<RehearsalSite, "store" | "backupTarget">;

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
  await freePorts(files.directory, ["registry", "object-store", "backup-target", "moto", ...PORT_NAMES]);
  const [stores, moto] = await progress.step("starting what stands beside the cluster", () =>
    Promise.all([startStores(args), startCloud(args)]),
  );
  const officialHome = join(process.env.HOME ?? "/", ".pulumi");
  const plugins = await installProviders({ pulumiHome: files.pulumiHome, officialHome });
  return { ...stores, plugins, moto, environment: engineEnvironment(args, stores, moto) };
}

/** The registry with an image for each of the catalogue's, and the object store. */
async function startStores({ environment, files, toolbox, supervisor }: SiteArgs): Promise<Stores> {
  const { directory } = files;
  const registry = await startRegistry({ directory, binary: toolbox.path("registry") }, supervisor);
  files.writeJson(files.imageLock, await lockPlaceholders(registry, toolbox.path("crane")));
  const { region } = planSubstrate(environment).objectStore;
  const binary = toolbox.path("versitygw");
  const store = await startObjectStore({ directory, binary, region }, supervisor);
  const target = backupTargetOf(environment);
  if (target === undefined) return { store };
  const elsewhere = { directory, binary, region: target.region, name: "backup-target" };
  return { store, backupTarget: await startObjectStore(elsewhere, supervisor) };
}

/** An environment whose store has no address of its own is on AWS. */
async function startCloud({ environment, files, toolbox, supervisor }: SiteArgs): Promise<Moto | undefined> {
  const { footprint } = environment;
  if (footprint.kind !== "private-cloud") return undefined;
  const moto = await startMoto({ directory: files.directory, python: toolbox.find("moto-python") }, supervisor);
  const { account, region, administrators, installer } = footprint;
  const roles = [...administrators, ...(installer === undefined ? [] : [installer.role])];
  if (moto) await layAccount(moto, { account, region, roles });
  return moto;
}

const backupTargetOf = ({ footprint }: Environment) =>
  footprint.kind === "colocation" ? footprint.backupTarget : undefined;

/** What the engine sees, with the servers of the rehearsal that answer for the environment's own. */
function engineEnvironment({ environment, files, toolbox }: SiteArgs, stores: Stores, moto?: Moto): NodeJS.ProcessEnv {
  const { endpoint } = planSubstrate(environment).objectStore;
  const served = [
    { endpoint, store: stores.store },
    { endpoint: backupTargetOf(environment)?.endpoint, store: stores.backupTarget },
  ];
  const endpoints = Object.fromEntries(
    served.flatMap(({ endpoint: address, store }) => {
      if (address === undefined || store === undefined) return [];
      const { endpoint: url, accessKeyId, secretAccessKey, region } = store;
      return [[address, { url, accessKeyId, secretAccessKey, region, lacks: lackingTypes }]];
    }),
  );
  return rehearsalEnvironment(files, toolbox, {
    CLOISTER_REHEARSAL_ENDPOINTS: JSON.stringify(endpoints),
    ...(moto && { CLOISTER_REHEARSAL_MOTO: moto.url }),
    CLOISTER_FIDELITY_LOG: files.fidelityLog,
    // The kit supports Node 20; that the AWS SDK will leave it one day is not news for every run.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
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
