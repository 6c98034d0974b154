import { unknownMarkers, type Leaf } from "./leaves";

/** One way to break a value. */
export interface Break {
  readonly what: string;
  /** `undefined` takes the value away. */
  readonly value: unknown;
}

/** Words that have a weaker one, whatever field they stand in. */
const weaker: Readonly<Record<string, string>> = {
  COMPLIANCE: "GOVERNANCE",
  GOVERNANCE: "NONE",
  Enabled: "Suspended",
  ENABLED: "DISABLED",
  restricted: "privileged",
  "aws:kms": "AES256",
  KMS: "AES256",
  Deny: "Allow",
  IMMUTABLE: "MUTABLE",
  dedicated: "default",
  required: "optional",
  Retain: "Delete",
  RuntimeDefault: "Unconfined",
  ALL: "ACCEPT",
  STANDARD: "EXTENDED",
  NO_SCHEDULE: "PREFER_NO_SCHEDULE",
  Fail: "Ignore",
  deny: "allow",
  BucketOwnerEnforced: "ObjectWriter",
  ClusterIP: "LoadBalancer",
  API: "CONFIG_MAP",
  TLSv1_3: "TLSv1_0",
  TLSv1_2: "TLSv1_0",
  secretbox: "identity",
  RequestResponse: "None",
  Metadata: "None",
  FIFTEEN_MINUTES: "SIX_HOURS",
  ENHANCED: "BASIC",
};

const patterns: readonly (readonly [RegExp, string, (value: string) => string])[] = [
  [/^[\w.:/-]+@sha256:[0-9a-f]{64}$/, "a tag in the place of the digest", (value) => value.replace(/@.*/, ":latest")],
  [/^\d{1,3}(\.\d{1,3}){3}\/\d+$/, "everywhere", () => "0.0.0.0/0"],
  [/^arn:aws[\w-]*:iam::aws:/, "every right", () => "arn:aws:iam::aws:policy/AdministratorAccess"],
  [/^arn:/, "anything at all", () => "*"],
  [/^https:/, "without TLS", (value) => value.replace("https:", "http:")],
  [/^[a-z]{2}-[a-z]+-\d$/, "another region", () => "us-gov-west-1"],
  [/^[\w-]+:[A-Z*]\w*\*?$/, "every action", () => "*"],
  [/^[0-9a-f]{64}$|^sha256:[0-9a-f]{64}$/, "another digest", (value) => value.replace(/[0-9a-f]{8}$/, "00000000")],
];

/**
 * How a leaf is broken, once: the way that loosens it. A number has a direction that loosens and one that only tightens, and
 * nothing in the number tells which; so it gets both, and is caught where one of them is.
 */
export function breaksOf({ value, element }: Leaf): readonly Break[] {
  if (typeof value === "boolean")
    return [{ what: `${String(!value)} in the place of ${String(value)}`, value: !value }];
  if (typeof value === "number") {
    return [
      { what: `0 in the place of ${value}`, value: value === 0 ? -1 : 0 },
      { what: `a thousand times ${value}`, value: (value || 1) * 1000 },
    ];
  }
  if (value === null) return [{ what: "taken away", value: undefined }];
  if (unknownMarkers.has(value)) return [{ what: "something else in the place of what it names", value: "elsewhere" }];
  const text = String(value);
  if (text === "true" || text === "false") return [{ what: "the opposite", value: text === "true" ? "false" : "true" }];
  const word = weaker[text];
  if (word !== undefined) return [{ what: `${word} in the place of ${text}`, value: word }];
  const found = patterns.find(([pattern]) => pattern.test(text));
  if (found !== undefined) return [{ what: found[1], value: found[2](text) }];
  // Of a list, the element may be what matters, or that it is there at all: a list without it is the plain break.
  return element ? [{ what: "taken from the list", value: undefined }] : [{ what: "another text", value: "elsewhere" }];
}
