import type { Footprint } from "./expectations";
import type { WaiverSettings } from "./waivers/waiver-settings";

/** What an environment tells the pack: the `settings` entry of the file given as `--policy-pack-config`. */
export interface Settings {
  /** The private registry every image must come from: host, optional port and path; no scheme. */
  readonly registry?: string;
  /** Regions data may be in, such as `["eu-central-1"]`. */
  readonly allowedRegions?: readonly string[];
  /** Regions that the organisation may leave open besides, each under a waiver of the environment file; no data of ours is there. */
  readonly furtherRegions?: readonly string[];
  /** Country of a region that is not AWS' own, ISO 3166: `{ "site": "NL" }`. */
  readonly regionCountries?: Readonly<Record<string, string>>;
  /** Keys of `frameworks.ts` the environment is held to; reports are ordered by them. No rule is switched off by it. */
  readonly frameworks?: readonly string[];
  /** What the object store can do. Left out for AWS S3, which can do everything the rules ask for. */
  readonly objectStore?: ObjectStoreSettings;
  /** Load-balancer classes that stay inside the walls; a Service of another class must carry an internal annotation. */
  readonly internalLoadBalancerClasses?: readonly string[];
  /** Every image, chart and model that may run, as `repository@sha256:…` below the registry's host: the image lock. */
  readonly lockedImages?: readonly string[];
  /** Applications that may call a model server: today the door's, and the guard's once it stands between them. */
  readonly modelCallers?: readonly Caller[];
  /** Name of the locked bucket in which the audit record ends. */
  readonly auditBucket?: string;
  /** Name of the bucket in which what the guard held back waits for a person. */
  readonly quarantineBucket?: string;
  /** What the environment lets its guard do milder than it would by itself, each for a while and by somebody. Default: nothing. */
  readonly guardLoosened?: GuardLoosened;
  /** IPv4 CIDRs at which pods reach the object store. */
  readonly objectStoreRanges?: readonly string[];
  /** Storage classes whose volumes are encrypted under the company's keys. */
  readonly encryptedStorageClasses?: readonly string[];
  /** Ed25519 public key, base64 of its SubjectPublicKeyInfo, of whoever signs what the leak probe found. */
  readonly leakGateKey?: string;
  /** What the environment stands on: decides what its stacks cannot be without. Left out, nothing is expected. */
  readonly footprint?: Footprint;
  /** What was agreed to be accepted for a while, and what was meant to be. Left out where nobody waived anything. */
  readonly waivers?: WaiverSettings;
}

/** Settings of the guard that an environment loosened: each has an owner, another approver, a reason and an end in its file. */
export interface GuardLoosened {
  /** By their path in the policy, such as `rules.pii.email.answer`, or as `presidio.required`; and what they may be. */
  readonly settings: readonly { readonly setting: string; readonly value: string | number | boolean }[];
  /** Texts that a rule lets go. */
  readonly allowed: readonly { readonly rule: string; readonly texts: readonly string[] }[];
}

/** An application of a zone, as its pods' label `app.kubernetes.io/name` says. */
export interface Caller {
  readonly zone: string;
  readonly app: string;
}

/** Capabilities a rule may excuse; versioning and object lock are not among them. */
export type ExcusableCapability = "encryption-by-key" | "access-block" | "tls-only-policy" | "lifecycle";

export interface ObjectStoreSettings {
  readonly capabilities: readonly string[];
  /** For each missing capability, what stands in for it, in words an auditor can check. */
  readonly compensations?: Readonly<Record<string, string>>;
}

/** Thrown when a rule needs a setting the environment did not give. The verdict is then `open`, never `pass`. */
export class MissingSetting extends Error {
  constructor(readonly setting: string) {
    super(`the pack's setting "${setting}" is missing: give it in the file passed as --policy-pack-config`);
  }
}

/** The value of a setting, or a `MissingSetting`. */
export function need<Key extends keyof Settings>(settings: Settings, key: Key): NonNullable<Settings[Key]> {
  const value = settings[key];
  if (value === undefined || value === null) throw new MissingSetting(key);
  return value;
}

/** The shape the engine checks the configuration against before the pack runs. */
export const settingsSchema = {
  properties: {
    registry: { type: "string" as const, description: "The private registry every image must come from" },
    allowedRegions: { type: "array" as const, items: { type: "string" as const } },
    furtherRegions: { type: "array" as const, items: { type: "string" as const } },
    regionCountries: { type: "object" as const },
    frameworks: { type: "array" as const, items: { type: "string" as const } },
    objectStore: { type: "object" as const },
    internalLoadBalancerClasses: { type: "array" as const, items: { type: "string" as const } },
    lockedImages: { type: "array" as const, items: { type: "string" as const } },
    modelCallers: { type: "array" as const, items: { type: "object" as const } },
    auditBucket: { type: "string" as const },
    quarantineBucket: { type: "string" as const },
    guardLoosened: { type: "object" as const },
    objectStoreRanges: { type: "array" as const, items: { type: "string" as const } },
    encryptedStorageClasses: { type: "array" as const, items: { type: "string" as const } },
    leakGateKey: { type: "string" as const },
    footprint: { type: "string" as const },
    waivers: { type: "object" as const },
  },
};
