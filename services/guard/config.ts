import { z } from "zod";
import { listening, tlsFiles } from "../shared/mutual-tls";
import { analyserSettings } from "./analyse/settings";

const group = z.string().min(1).max(100);

/** What a guard is told; the defaults are what production runs with. */
export const guardConfiguration = z.strictObject({
  apiVersion: z.literal("cloister.dev/guard/v1"),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info"),
  listen: listening,
  probes: listening,
  metrics: listening,
  tls: tlsFiles,
  /** DNS names in the certificates of those who may ask: the door alone. */
  callers: z.array(z.string().min(1)).min(1),
  /** The policy, a file that is read again when it changes. */
  policy: z.string().min(1),
  /** Which groups may use which models. */
  access: z.array(z.strictObject({ group, models: z.array(z.string().min(1)).min(1) })).min(1),
  ledger: z.strictObject({
    /** Base URLs of the replicas, two or more in production. */
    replicas: z.array(z.url()).min(1),
    /** Name that their certificates have to carry. */
    serverName: z.string().min(1),
    /** A replica that has not answered in this time is passed over, milliseconds. */
    timeoutMilliseconds: z.int().min(10).max(60_000).default(2000),
  }),
  router: z.strictObject({
    /** The socket behind which the model servers are. */
    socket: z.string().min(1),
  }),
  quarantine: z.strictObject({
    bucket: z.string().min(3),
    region: z.string().min(1),
    /** Absent on AWS. */
    endpoint: z.url().optional(),
    /** age recipients: only they can read what was held back; the guard cannot. */
    recipients: z.array(z.string().startsWith("age1")).min(1),
  }),
  /** The service that counts tokens; absent where nobody set a limit. */
  tokenLimits: z
    .strictObject({
      /** Its gRPC interface as gRPC names it, such as `dns:///ratelimit.gateway.svc:8081`. */
      address: z.string().min(3),
      serverName: z.string().min(1),
      /** What it has not answered in this time is not served. */
      timeoutMilliseconds: z.int().min(10).max(60_000).default(1000),
      /** Groups whose tokens are counted; each person's are anyway. */
      groups: z.array(group).default([]),
    })
    .optional(),
  /** Analysers that run beside a request and can stop it. */
  analysers: z.array(analyserSettings).default([]),
  /** Longest body of a request, bytes. */
  requestBytes: z.int().min(1024).max(268_435_456),
  /** Longest answer, seconds. */
  requestTimeoutSeconds: z.int().min(1).max(7200),
  /** Requests at once; what comes on top is refused. */
  concurrentRequests: z.int().min(1).default(1024),
});

export type GuardConfiguration = z.infer<typeof guardConfiguration>;
