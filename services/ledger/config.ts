import { z } from "zod";
import { listening, tlsFiles } from "../shared/mutual-tls";

const writer = z.strictObject({
  /** DNS name in the writer's certificate. */
  name: z.string().min(1),
  /** Kinds of record that it may write; a trailing `*` stands for every kind that begins so. */
  kinds: z.array(z.string().min(1)).default([]),
  /** May ask for pseudonyms and have a person's keys destroyed. */
  subjects: z.boolean().default(false),
});

/** What a ledger is told; the defaults are what production runs with. */
export const ledgerConfiguration = z.strictObject({
  apiVersion: z.literal("cloister.dev/ledger/v1"),
  /** Name of this replica. Default: the host's name, which is the pod's. */
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,60}[a-z0-9])?$/)
    .optional(),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info"),
  listen: listening,
  probes: listening,
  metrics: listening,
  tls: tlsFiles,
  /** Folder of the journal and of the subjects' keys, on a disk of its own. */
  data: z.string().min(1),
  /** PEM files of what heads are signed with: an Ed25519 key, and its certificate with the intermediate that issued it. */
  signer: z.strictObject({ certificate: z.string().min(1), key: z.string().min(1) }),
  store: z.strictObject({
    bucket: z.string().min(3),
    region: z.string().min(1),
    /** Absent on AWS. */
    endpoint: z.url().optional(),
    /** Days that a segment stays under COMPLIANCE lock. */
    retainDays: z.int().min(1).max(36_500),
  }),
  seal: z
    .strictObject({
      /** A record waits no longer than this before its segment is sealed, milliseconds. */
      afterMilliseconds: z.int().min(50).max(60_000).default(1000),
      /** A segment of this size is sealed at once, bytes. */
      afterBytes: z.int().min(4096).max(67_108_864).default(4_194_304),
    })
    .prefault({}),
  /** Records that wait for the disk; what comes on top is refused. */
  queue: z.int().min(1).max(1_000_000).default(4096),
  /** Below this much free disk nothing is taken, so that what was taken can still be sealed. Mebibytes. */
  minimumFreeMebibytes: z.number().positive().default(256),
  /** When the bucket has been out of reach for as long as this, nothing is taken. Seconds. */
  unanchoredSeconds: z.int().min(1).default(300),
  /** A request without an answer for as long as this is recorded as interrupted. Seconds. */
  interruptedSeconds: z.int().min(1).default(1200),
  /** Sealed segments stay on the disk for as long as this, so that a repeated key is known. Seconds. */
  rememberSeconds: z.int().min(60).default(3600),
  /** A subject's keys are destroyed so long after the end of their quarter. Days. */
  keepSubjectKeysDays: z.int().min(1).default(2190),
  /** File to which every anchored head is added: keep it on another system. */
  witness: z.string().optional(),
  writers: z.array(writer).min(1),
  /** Catalogue names of models. Another that a caller asked the door for is recorded as `other`. */
  models: z.array(z.string().min(1)).default([]),
});

export type LedgerConfiguration = z.infer<typeof ledgerConfiguration>;
export type Writer = z.infer<typeof writer>;
