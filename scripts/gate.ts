import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { flows } from "../components/flows";
import { planSubstrate } from "../components/foundation";
import type { ImageLock } from "../components/images";
import { packConfiguration } from "../policies/analyze";
import type { GuardLoosened, Settings } from "../policies/settings";
import { stacksFolder, type Environment } from "../stacks/environment";
import { milderSettings } from "../stacks/schema/relations-guard-policy";
import { readImageLockAt } from "../stacks/stack-settings";
import { readWaivers } from "../stacks/waivers";
import type { Gate } from "./engine/engine";

export const packDirectory = resolve(__dirname, "../policies");

/** Who the flow table lets call a model server. */
const modelCallers = flows.flatMap(({ from, to }) =>
  "zone" in to && to.zone === "serving" && "zone" in from ? [from] : [],
);

const lockedImages = ({ entries }: ImageLock): string[] =>
  Object.values(entries).flatMap((entry) => (entry === undefined ? [] : [`${entry.repository}@${entry.digest}`]));

/**
 * What the environment tells the policy pack.
 *
 * @param lock what was mirrored for it; undefined where nothing was yet, and then what it runs cannot be judged by it.
 */
export function packSettings(environment: Environment, lock?: ImageLock): Settings {
  const { footprint } = environment;
  const { registry, objectStore, loadBalancer, network, storageClass } = planSubstrate(environment);
  return {
    registry: registry.host,
    allowedRegions: [
      footprint.kind === "private-cloud" ? footprint.region : objectStore.region,
      // Its country is one that the file allows, or the file is refused.
      ...(footprint.kind === "colocation" && footprint.backupTarget ? [footprint.backupTarget.region] : []),
    ],
    ...(footprint.kind === "private-cloud"
      ? { furtherRegions: footprint.guardrails.furtherRegions.map(({ region }) => region) }
      : {}),
    ...(footprint.kind === "private-cloud"
      ? {}
      : {
          regionCountries: {
            [objectStore.region]: footprint.country,
            ...(footprint.kind === "colocation" && footprint.backupTarget
              ? { [footprint.backupTarget.region]: footprint.backupTarget.country }
              : {}),
          },
        }),
    frameworks: environment.frameworks,
    ...(footprint.kind === "private-cloud"
      ? {}
      : {
          objectStore: {
            capabilities: footprint.objectStore.capabilities,
            compensations: footprint.objectStore.compensations,
          },
        }),
    modelCallers,
    ...(environment.platform.leakGateKey === undefined ? {} : { leakGateKey: environment.platform.leakGateKey }),
    auditBucket: objectStore.buckets.audit,
    quarantineBucket: objectStore.buckets.quarantine,
    guardLoosened: guardLoosened(environment.platform.guard),
    objectStoreRanges: network.objectStore,
    encryptedStorageClasses: [storageClass.name],
    ...(lock === undefined ? {} : { lockedImages: lockedImages(lock) }),
    ...(loadBalancer.className === undefined ? {} : { internalLoadBalancerClasses: [loadBalancer.className] }),
  };
}

/** What the file lets the guard do milder than it would by itself. Without somebody who answers for it, it would be refused. */
const guardLoosened = ({ policy, presidio, classifier }: Environment["platform"]["guard"]): GuardLoosened => ({
  settings: [
    ...milderSettings(policy),
    ...Object.entries({ presidio, classifier }).flatMap(([name, analyser]) =>
      analyser?.required === false ? [{ setting: `${name}.required`, value: false }] : [],
    ),
  ],
  allowed: policy.allowed.map(({ rule, texts }) => ({ rule, texts })),
});

/** A gate with what its pack was told, for who judges without an update. */
export interface PreparedGate extends Gate {
  readonly settings: Settings;
}

/**
 * Readies the gate of an environment.
 *
 * @param directory where the pack's settings and verdicts are kept; a rehearsal's holds its image lock too.
 * @param folder where the environment file was read from, and its waivers are. Default: `stacks`.
 */
export function prepareGate(environment: Environment, directory: string, folder: string = stacksFolder): PreparedGate {
  const verdictsDirectory = join(directory, "verdicts");
  mkdirSync(verdictsDirectory, { recursive: true });
  const configuration = join(directory, "policy-settings.json");
  const { settings: waivers } = readWaivers(environment.name, folder);
  const lock = readImageLockAt(directory) ?? readImageLockAt(join(folder, environment.name));
  const settings: Settings = {
    ...packSettings(environment, lock),
    footprint: environment.footprint.kind,
    ...(waivers === undefined ? {} : { waivers }),
  };
  writeFileSync(configuration, packConfiguration(settings), { mode: 0o600 });
  return { packDirectory, configuration, verdictsDirectory, settings };
}
