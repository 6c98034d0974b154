/** How a bucket's versions are locked: COMPLIANCE binds the administrator too, GOVERNANCE may be lifted with a right. */
export type LockMode = "COMPLIANCE" | "GOVERNANCE";

/** `<zone>/<service account>`: the only identities that may be granted a data class. */
export type Identity = `${string}/${string}`;

export interface DataClass {
  readonly purpose: string;
  /** May hold personal data: then no lock may outlive the right to have it erased. */
  readonly personal: boolean;
  /** Write-once window. Absent: versions can be deleted. `days` is the floor; frameworks may lengthen it. */
  readonly lock?: { readonly mode: LockMode; readonly days: number };
  /** Days after which current versions expire. Absent: kept until somebody decides. Never shorter than the lock. */
  readonly expireAfterDays?: number;
  /** Days after which replaced versions are removed; keeps versioning from keeping personal data for ever. */
  readonly expireReplacedAfterDays: number;
  readonly readers: readonly Identity[];
  readonly writers: readonly Identity[];
}

/**
 * The one list of data classes. Keys, buckets, grants, policies and reports all read it.
 *
 * 2190 days of audit are the six years of HIPAA 45 CFR 164.316(b)(2)(i), the longest of the frameworks the kit
 * supports; the audit class holds keyed digests and metadata, never prompts, so the lock may outlive an erasure.
 */
export const dataClasses = {
  raw: {
    purpose: "What the connectors took in, before it was cleaned",
    personal: true,
    expireAfterDays: 30,
    expireReplacedAfterDays: 7,
    readers: [],
    writers: [],
  },
  sanitised: {
    purpose: "What the sanitiser signed: all that training may read",
    personal: false,
    expireAfterDays: 365,
    expireReplacedAfterDays: 30,
    readers: [],
    writers: [],
  },
  transcripts: {
    purpose: "Prompts and answers, encrypted by keys that can be destroyed",
    personal: true,
    expireAfterDays: 30,
    expireReplacedAfterDays: 7,
    readers: [],
    writers: [],
  },
  vectors: {
    purpose: "Embeddings and the documents they point to",
    personal: true,
    expireReplacedAfterDays: 30,
    readers: [],
    writers: [],
  },
  weights: {
    purpose: "Models and adapters, versioned and signed",
    personal: false,
    lock: { mode: "GOVERNANCE", days: 30 },
    expireReplacedAfterDays: 365,
    readers: ["models/mlflow", "serving/vllm"],
    writers: ["models/mlflow"],
  },
  audit: {
    purpose: "The record: keyed digests, pseudonymous subjects and metadata",
    personal: false,
    lock: { mode: "COMPLIANCE", days: 2190 },
    expireReplacedAfterDays: 2190,
    readers: [],
    writers: ["audit/ledger"],
  },
  quarantine: {
    purpose: "Prompts and answers that were held back, until a person has decided",
    personal: true,
    expireAfterDays: 90,
    expireReplacedAfterDays: 7,
    readers: [],
    writers: ["gateway/guard"],
  },
  backups: {
    purpose: "Snapshots of the registry, the databases and the vector store",
    personal: true,
    lock: { mode: "GOVERNANCE", days: 14 },
    expireAfterDays: 35,
    expireReplacedAfterDays: 14,
    readers: [],
    writers: [],
  },
  state: {
    purpose: "The engine's own state of this environment",
    personal: false,
    lock: { mode: "GOVERNANCE", days: 7 },
    expireReplacedAfterDays: 90,
    readers: [],
    writers: [],
  },
} as const satisfies Record<string, DataClass>;

export type DataClassName = keyof typeof dataClasses;
export const dataClassNames = Object.keys(dataClasses) as DataClassName[];

/** The facts of one class, widened to the interface so that optional parts can be read. */
export function dataClass(name: DataClassName): DataClass {
  return dataClasses[name];
}
