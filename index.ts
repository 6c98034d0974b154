import { layFoundation } from "./components/foundation";
import { imageReferences } from "./components/images";
import { imagesOf, Platform } from "./components/platform";
import { readSubstrate } from "./stacks/read-substrate";
import { readAuthorities, readImageLock, readStackSettings } from "./stacks/stack-settings";

/**
 * The whole kit on one page. Every environment is two stacks of this program:
 *
 *   stacks/<env>.yaml ─▶ Environment ─▶ footprint ─▶ Substrate ─▶ Platform
 *                       ╰── <env>-foundation ──╯   ╰─ <env>-platform ─╯
 *
 * The Substrate is all that crosses from one to the other, so the platform is the same on every footprint.
 */
export = async (): Promise<Record<string, unknown>> => {
  const settings = readStackSettings();
  const { environment, layer } = settings;

  if (layer === "foundation") {
    const foundation = layFoundation(environment, await readAuthorities(environment));
    return { substrate: foundation.substrate, ...foundation.outputs };
  }

  const { door, people, guard, limits, models } = environment.platform;
  const substrate = await readSubstrate(environment);
  const image = imageReferences({
    environment: environment.name,
    registry: substrate.facts.registry.host,
    ...readImageLock(settings),
    needed: imagesOf(environment.platform),
    placeholders: settings.rehearsal !== undefined,
  });
  const platform = new Platform("platform", { substrate, image, door, people, guard, limits, models });
  return { door: platform.door, zones: platform.zones, models: platform.models, planned: substrate.planned };
};
