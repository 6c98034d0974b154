import { need, type Settings } from "../settings";
import type { Properties } from "../rule";

/**
 * Why what a service keeps would end elsewhere than in its bucket, or travel in clear; undefined where it would not.
 *
 * @param target the part of its configuration that names a bucket.
 */
export function strayFrom(bucket: string, target: Properties, settings: Settings): string | undefined {
  if (target?.bucket !== bucket) return `it would be kept in ${String(target?.bucket)}, and not in ${bucket}`;
  const regions = need(settings, "allowedRegions");
  const region = String(target.region);
  if (!regions.includes(region)) return `it would be kept in ${region}; allowed is ${regions.join(", ")}`;
  // A store that is not AWS' own has an address of its own.
  if (target.endpoint === undefined)
    return settings.objectStore === undefined ? undefined : "it would go to AWS, and not to the company's own store";
  return /^https:\/\//.test(String(target.endpoint)) ? undefined : "it would travel to the store in clear";
}
