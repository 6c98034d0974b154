import { isUnknownMarker } from "./unknown-marker";
import { valueAt, type FieldPath } from "./field-path";

export interface Break {
  /** What was done, as told: `COMPLIANCE → GOVERNANCE`. The same for copies of one field. */
  readonly told: string;
  /** What stands there then; undefined where the field is gone. */
  readonly to: unknown;
}

/** Words of closed lists, each with one that is worse. Keys are the last name of a path, or `*`. */
const words: readonly (readonly [key: RegExp, from: string, to: string])[] = [
  [/^mode$/, "COMPLIANCE", "GOVERNANCE"],
  [/./, "Enabled", "Suspended"],
  [/./, "ENABLED", "DISABLED"],
  [/./, "Disabled", "Enabled"],
  [/./, "DISABLED", "ENABLED"],
  [/./, "enabled", "disabled"],
  [/pod-security/, "restricted", "privileged"],
  [/./, "TLSv1_3", "TLSv1_0"],
  [/./, "TLSv1_2", "TLSv1_0"],
  [/./, "TLS13", "TLS10"],
  [/^min_version$/, "1.3", "1.0"],
  [/^scheme$/, "https", "http"],
  [/^validationActions$/, "Deny", "Warn"],
  [/^Effect$/, "Deny", "Allow"],
  [/^failurePolicy$/, "Fail", "Ignore"],
  [/^httpTokens$/, "required", "optional"],
  [/^tenancy$/, "dedicated", "default"],
  [/./, "IMMUTABLE", "MUTABLE"],
  [/./, "KMS", "AES256"],
  [/./, "aws:kms", "AES256"],
  [/./, "BucketOwnerEnforced", "ObjectWriter"],
  [/./, "RuntimeDefault", "Unconfined"],
  [/^type$/, "ClusterIP", "NodePort"],
  [/^authenticationMode$/, "API", "API_AND_CONFIG_MAP"],
  [/^supportType$/, "STANDARD", "EXTENDED"],
  [/./, "ENHANCED", "BASIC"],
  [/./, "CONTINUOUS_SCAN", "MANUAL"],
  [/./, "RequireAndVerifyClientCert", "NoClientCert"],
  [/^trafficType$/, "ALL", "REJECT"],
  [/^action$/, "deny", "allow"],
  [/^level$/, "Metadata", "None"],
  [/^level$/, "RequestResponse", "None"],
  [/^level$/, "Request", "None"],
  [/^scheme$/, "HTTPS", "HTTP"],
  [
    /^policyArn$/,
    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy",
    "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
  ],
  [/^objectLockEnabled$/, "Enabled", ""],
  [/^operator$/, "Exists", "DoesNotExist"],
];

/** Lists whose every name grants something: the worse is all of it. */
const grants = /^(verbs|resources|apiGroups)$/;
/** Ceilings and waits that hold something back: worse is more of them. The others are worse at nothing. */
const ceilings =
  /^(max|limit|numeric|expiration|threshold|hop|httpPutResponseHopLimit|deleteAfter|validity|early|memory|timeout|rotat|automaticallyAfter)/i;
const cidr = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;
const region = /\b[a-z]{2}-(central|west|east|north|south)-\d\b/;

/** Why a field of this plan is not broken: it grants or opens nothing that could be widened. */
export interface Harmless {
  readonly reason: string;
}

/**
 * The break of one field: it is loosened where we know how, switched to its opposite, or gone. A field that is not known
 * before it exists is a link to another resource: the link is cut.
 *
 * @param root the resource's properties, in which the path leads to the field.
 */
export function breakOf(root: unknown, path: FieldPath): Break | Harmless {
  const value = valueAt(root, path);
  const key = String([...path].reverse().find((segment) => typeof segment === "string") ?? "");
  const statement = statementBreak(root, path, key, value);
  if (statement) return statement;
  const strict = stricter.find(([of, to]) => of.test(key) && value !== to);
  if (strict || (key === "level" && value === "None")) return { reason: loosest };
  // All protocols have no ports, and what is empty is what is absent.
  const protocol = valueAt(root, [...path.slice(0, -1), "protocol"]);
  if (value === "" || (/^(from|to)Port$/.test(key) && String(protocol) === "-1")) return { reason: nothingThere };
  if (key === "expression") return expressionBreak(path);
  if (typeof value === "boolean") return { told: `${value} → ${!value}`, to: !value };
  if (value === "true" || value === "false") {
    const opposite = value === "true" ? "false" : "true";
    return { told: `"${value}" → "${opposite}"`, to: opposite };
  }
  if (typeof value === "number") return numberBreak(key, value);
  if (value instanceof Object && Object.keys(value).length === 0) {
    return /[sS]elector$/.test(key) && !/namespaceSelector/.test(key)
      ? { told: "all → some", to: { matchLabels: { mutant: "mutant" } } }
      : { reason: nothingThere };
  }
  if (typeof value !== "string") return { reason: nothingThere };
  if (isUnknownMarker(value)) return { told: "link cut", to: undefined };
  const word = words.find(([of, from]) => from === value && of.test(key));
  if (word)
    return word[2] === ""
      ? { told: `${value} → absent`, to: undefined }
      : { told: `${value} → ${word[2]}`, to: word[2] };
  return textBreak(path, key, value);
}

/** Fields of which one value is the stricter. Where a plan has the other, breaking it would mend it. */
const stricter: readonly (readonly [key: RegExp, strict: unknown])[] = [
  [/^require_client_certificate$/, true],
  [/^(special|hardExpiry|objectLockEnabled|forceDetachPolicies|revokeRulesOnDelete)$/, true],
  [/^merge_slashes$/, false],
];

/** CEL: what validates says yes, what narrows leaves everything out, and what is looked at is nothing. */
function expressionBreak(path: FieldPath): Break {
  const to = path.includes("validations") ? "true" : path.includes("matchConditions") ? "false" : "[]";
  return { told: `expression → ${to}`, to };
}

const loosest = "It is at its loosest, and something else makes up for it";
/** What is removed without loss: a rule that exempts from the record. */
export function removalOf(root: unknown, path: FieldPath): Harmless | undefined {
  const exempts = path.includes("auditPolicy") && valueAt(root, [...path, "level"]) === "None";
  return exempts ? { reason: loosest } : undefined;
}

const nothingThere = "Nothing stands there; what could be put there is among the additions";

/** Statements of a policy: what allows is widened, what denies is narrowed. */
function statementBreak(root: unknown, path: FieldPath, key: string, value: unknown): Break | Harmless | undefined {
  const at = path.indexOf("Statement");
  const inStatement = at >= 0 && typeof path[at + 1] === "number";
  const part = path[at + 2];
  if (!inStatement || typeof part !== "string" || isUnknownMarker(value)) return undefined;
  const denies = valueAt(root, [...path.slice(0, at + 2), "Effect"]) === "Deny";
  if (part === "Effect") return denies ? { told: "Deny → Allow", to: "Allow" } : { reason: "What allows would deny" };
  if (/^(Not)?(Action|Resource|Principal)$/.test(part)) {
    if (denies)
      return { told: "denied no longer", to: part === "Principal" && value === "*" ? { AWS: "mutant" } : "mutant" };
    return value === "*" ? { reason: "It is as wide as can be" } : { told: "→ *", to: "*" };
  }
  if (part !== "Condition") return undefined;
  if (denies)
    return {
      told: "condition never met",
      to: value === "true" ? "false" : value === "false" ? "true" : /Not/.test(String(path[at + 3])) ? "*" : "mutant",
    };
  // One of several that are let in: without it fewer are, so it stands for all instead.
  return Array.isArray(valueAt(root, path.slice(0, -1)))
    ? { told: `condition on ${key} → *`, to: "*" }
    : { told: `condition on ${key} → absent`, to: undefined };
}

function numberBreak(key: string, value: number): Break {
  if (/^runAs|^fsGroup/.test(key)) return { told: "→ 0", to: 0 };
  if (key === "defaultMode") return { told: "→ 0777", to: 0o777 };
  if (/^(port|endPort)$/.test(key)) return { told: "→ absent", to: undefined };
  return ceilings.test(key) ? { told: "→ × 1000", to: (value || 1) * 1000 } : { told: "→ 0", to: 0 };
}

function textBreak(path: FieldPath, key: string, value: string): Break {
  if (/@sha256:[0-9a-f]{64}$/.test(value)) return { told: "digest → tag", to: value.replace(/@sha256:.*$/, ":latest") };
  if (cidr.test(value)) return { told: "range → 0.0.0.0/0", to: "0.0.0.0/0" };
  if (
    grants.test(key) &&
    !path.includes("matchConstraints") &&
    !path.includes("auditPolicy") &&
    !path.includes("encryptionConfiguration") &&
    value !== "*"
  )
    return { told: "→ *", to: "*" };
  if (region.test(value) && (key === "region" || /Region$/.test(key)))
    return { told: "region → another", to: value.replace(region, "us-east-1") };
  const argument = argumentBreak(key, value);
  if (argument) return argument;
  return { told: "→ absent", to: undefined };
}

/** Arguments of a program that carry their value themselves. */
function argumentBreak(key: string, value: string): Break | undefined {
  const [, name, set] = /^(?:--)?([\w-]+)=(.*)$/.exec(value) ?? [];
  if (name === undefined || !/^(args|command|.*Arguments)$/.test(key)) return undefined;
  if (/tls-min/.test(name))
    return { told: `${name} → TLS 1.0`, to: value.replace(/VersionTLS1\d|TLSv?1[._]\d/, "VersionTLS10") };
  if (set === "false" || set === "true")
    return {
      told: `${name}: ${set} → ${set === "true" ? "false" : "true"}`,
      to: value.replace(set, set === "true" ? "false" : "true"),
    };
  return { told: `${name} → absent`, to: undefined };
}
