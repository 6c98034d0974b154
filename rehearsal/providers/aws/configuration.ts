import type { CheckFailure, Json, Properties } from "../provider";
import { isObject } from "../property-path";
import { checkShape, shapes } from "./shapes";

/** Where a resource would be: what ARNs and names are made of. */
export interface Scope {
  readonly partition: string;
  readonly dnsSuffix: string;
  readonly region: string;
  readonly account: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

/** The account that computed ARNs name where the provider is not told which account is allowed: nobody's. */
export const rehearsalAccount = "000000000000";

// What the engine adds to every provider's settings.
const engineSettings = ["version", "__internal", "pluginDownloadURL"];

/** The engine hands every setting that is not a string as JSON text. */
export function opened(configuration: Properties): Properties {
  const entries = Object.entries(configuration).flatMap(([key, value]) => {
    if (engineSettings.includes(key)) return [];
    const type = shapes.provider[`${key}?`] ?? shapes.provider[key];
    if (typeof value !== "string" || type === undefined || type === "string") return [[key, value]];
    try {
      return [[key, JSON.parse(value) as Json]];
    } catch {
      return [[key, value]];
    }
  });
  return Object.fromEntries(entries) as Properties;
}

export function checkConfiguration(configuration: Properties): CheckFailure[] {
  const settings = opened(configuration);
  const failures = checkShape(shapes.provider, settings);
  if (settings.region === undefined) {
    failures.push({
      property: "region",
      reason: "found nothing: a region is required; set aws:region or the provider's",
    });
  } else if (typeof settings.region === "string" && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(settings.region)) {
    failures.push({ property: "region", reason: `found "${settings.region}": must be a region such as eu-central-1` });
  }
  return failures;
}

function partitionOf(region: string): { partition: string; dnsSuffix: string } {
  if (region.startsWith("cn-")) return { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { partition: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  if (region.startsWith("eusc-")) return { partition: "aws-eusc", dnsSuffix: "amazonaws.eu" };
  return { partition: "aws", dnsSuffix: "amazonaws.com" };
}

/** The account is the one the provider is allowed to use, where it names exactly one. */
export function scopeOf(configuration: Properties, resourceRegion?: Json): Scope {
  const settings = opened(configuration);
  const region = (resourceRegion ?? settings.region ?? "us-east-1") as string;
  const allowed = Array.isArray(settings.allowedAccountIds) ? settings.allowedAccountIds : [];
  const tags = isObject(settings.defaultTags) && isObject(settings.defaultTags.tags) ? settings.defaultTags.tags : {};
  return {
    ...partitionOf(region),
    region,
    account: allowed.length === 1 ? (allowed[0] as string) : rehearsalAccount,
    defaultTags: tags as Record<string, string>,
  };
}
