import { z } from "zod";
import { mailAddress, shortName, whole } from "./common";
import { footprint } from "./footprints";
import { frameworkNames, platform } from "./platform";

/** The shape of one environment file; what it cannot say about relations is in `relations.ts`. */
export const environmentShape = z
  .strictObject({
    apiVersion: z.literal("cloister.dev/v1").meta({ description: "Version of this file's schema" }),
    name: shortName("The environment; the file is called <name>.yaml"),
    organisation: z.strictObject({
      slug: shortName("Short name of the company; part of bucket names", 16),
      owner: mailAddress("Team that answers for the environment"),
    }),
    frameworks: z.array(z.enum(frameworkNames)).min(1).default(["gdpr", "hipaa", "pci-dss", "nist-800-53"]).meta({
      description:
        "Compliance frameworks the environment is held to: they set numbers and countries; no rule is switched off by them",
      allowed: "one framework or more",
    }),
    auditRetentionDays: whole(
      "Days for which the audit record cannot be deleted by anybody",
      183,
      3653,
      "2190 days are the six years of HIPAA",
    ).default(2190),
    footprint,
    platform,
  })
  .meta({ title: "Cloister environment", description: "Everything that may be configured of one environment" });

export type Environment = z.infer<typeof environmentShape>;
