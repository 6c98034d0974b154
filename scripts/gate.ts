import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { planSubstrate } from "../components/foundation";
import { packConfiguration } from "../policies/analyze";
import type { Settings } from "../policies/settings";
import { stacksFolder, type Environment } from "../stacks/environment";
import { readWaivers } from "../stacks/waivers";
import type { Gate } from "./engine/engine";

export const packDirectory = resolve(__dirname, "../policies");

/** What the environment tells the policy pack. */
export function packSettings(environment: Environment): Settings {
  const { footprint } = environment;
  const { registry, objectStore, loadBalancer } = planSubstrate(environment);
  return {
    registry: registry.host,
    allowedRegions: [
      footprint.kind === "private-cloud" ? footprint.region : objectStore.region,
      // Its country is one that the file allows, or the file is refused.
      ...(footprint.kind === "colocation" && footprint.backupTarget ? [footprint.backupTarget.region] : []),
    ],
    frameworks: environment.frameworks,
    ...(footprint.kind === "private-cloud"
      ? {}
      : {
          objectStore: {
            capabilities: footprint.objectStore.capabilities,
            compensations: footprint.objectStore.compensations,
          },
        }),
    ...(loadBalancer.className === undefined ? {} : { internalLoadBalancerClasses: [loadBalancer.className] }),
  };
}

/** A gate with what its pack was told, for who judges without an update. */
export interface PreparedGate extends Gate {
  readonly settings: Settings;
}

/**
 * Readies the gate of an environment.
 *
 * @param directory where the pack's settings and verdicts are kept.
 * @param folder where the environment file was read from, and its waivers are. Default: `stacks`.
 */
export function prepareGate(environment: Environment, directory: string, folder: string = stacksFolder): PreparedGate {
  const verdictsDirectory = join(directory, "verdicts");
  mkdirSync(verdictsDirectory, { recursive: true });
  const configuration = join(directory, "policy-settings.json");
  const { settings: waivers } = readWaivers(environment.name, folder);
  const settings: Settings = { ...packSettings(environment), ...(waivers === undefined ? {} : { waivers }) };
  writeFileSync(configuration, packConfiguration(settings), { mode: 0o600 });
  return { packDirectory, configuration, verdictsDirectory, settings };
}
