import { imageCatalogue, imageNames, type ImageLock, type LockEntry } from "../../components/images";
import { pushPlaceholders } from "../../rehearsal/registry/push-placeholders";
import type { Registry } from "../../rehearsal/registry/registry";

/** Puts a placeholder for every catalogued image into the rehearsal's registry; the lock holds what the registry reports. */
export async function lockPlaceholders(registry: Registry, crane: string): Promise<ImageLock> {
  const placed = await pushPlaceholders(
    registry,
    crane,
    imageNames.map((name) => imageCatalogue[name]),
  );
  const entries = placed.map(({ upstream, repository, digest, origin }, index): [string, LockEntry] => [
    imageNames[index] ?? repository,
    { upstream, repository, digest, origin },
  ]);
  return { apiVersion: "cloister.dev/image-lock/v1", entries: Object.fromEntries(entries) };
}
