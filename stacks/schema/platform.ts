import { z } from "zod";
import { modelNames, type ModelName } from "../../components/images";
import { guard } from "./guard";
import { limits } from "./limits";
import { people } from "./people";
import { cidr, ed25519Key, ed25519Signature, hostName, mailAddress, sha256Digest, shortName, whole } from "./common";

export const frameworkNames = ["gdpr", "hipaa", "pci-dss", "nist-800-53"] as const;

const client = z.strictObject({
  name: shortName("The application; its certificate carries this name", 40),
  owner: mailAddress("Who answers for the application"),
  cidr: cidr("Network the application calls from"),
  dataClass: z.enum(["transcripts", "sanitised"]).default("transcripts").meta({
    description: "Most sensitive class of data it sends",
    mend: "write transcripts if prompts hold personal data",
  }),
});

export const model = z.strictObject({
  name: z.enum(modelNames as [ModelName, ...ModelName[]]).meta({
    description: "A model of the image catalogue",
    mend: "choose a catalogued model, or add one to components/images.ts",
  }),
  pool: shortName("GPU pool it runs on"),
  replicas: whole("Copies of the model server", 2, 64, "keep two, so that an upgrade drops no answers").default(2),
  gpusPerReplica: whole("GPUs of one copy (tensor parallel size)", 1, 8, "write 1 for models that fit one GPU").default(
    1,
  ),
  maxModelLength: whole(
    "Longest prompt and answer together, tokens",
    512,
    1_048_576,
    "start at 8192 and raise it as memory allows",
  ).default(8192),
  leakGate: z
    .strictObject({
      digest: sha256Digest("Digest of the leak probe's report on these weights"),
      signature: ed25519Signature("Signature of the leak gate over that report and these weights"),
    })
    .optional()
    .meta({ description: "What the leak gate found; without it the model serves as a trial, not for production" }),
});

export const platform = z.strictObject({
  door: z.strictObject({
    host: hostName("Name under which applications reach the door"),
    clients: z.array(client).min(1).meta({
      description: "Applications that may knock",
      allowed: "one client or more",
      mend: "name the first application",
    }),
    revokedCertificates: z
      .string()
      .regex(/^-----BEGIN X509 CRL-----\n[A-Za-z0-9+/=\n]+\n-----END X509 CRL-----\n?$/)
      .optional()
      .meta({
        description: "Certificates of applications that were taken back: a list signed by the clients' intermediate",
        allowed: "one X.509 CRL, PEM, as a block of text",
        mend: "paste the list whole, or leave it out where none was taken back",
      }),
    certificateDays: whole(
      "Lifetime of a hop's certificate, days",
      7,
      397,
      "90 days suits rotation by script; 397 is the longest that browsers accept",
    ).default(90),
    renewBeforeDays: whole(
      "Renewed this many days early",
      1,
      120,
      "a third of the lifetime leaves time to act",
    ).default(30),
    requestTimeoutSeconds: whole(
      "Longest answer, seconds; streams included",
      30,
      7200,
      "Envoy's own 15 s would cut streams: allow the longest generation",
    ).default(600),
    requestsPerMinute: whole(
      "Requests the door takes each minute, per gateway pod",
      10,
      1_000_000,
      "start at 600",
    ).default(600),
  }),
  people,
  limits,
  guard,
  leakGateKey: ed25519Key("Public key of the leak gate, whose signature a model for production carries").optional(),
  models: z.array(model).min(1).meta({ description: "Models that serve", allowed: "one model or more" }),
});

export type PlatformSettings = z.infer<typeof platform>;
