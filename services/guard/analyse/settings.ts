import { z } from "zod";
import { tlsFiles } from "../../shared/mutual-tls";

const common = {
  /** A request goes on where no judgement comes only if this is false. */
  required: z.boolean().default(true),
  /** What was found beside a request may have been shown already: so it is kept, and a person is told. */
  action: z.enum(["block", "quarantine"]).default("quarantine"),
};

const presidioSettings = z.strictObject({
  kind: z.literal("presidio"),
  url: z.url({ protocol: /^https$/ }),
  /** Name that its certificate has to carry. */
  serverName: z.string().min(1),
  /** What is shown to it, and who has to have issued its own. */
  tls: tlsFiles,
  language: z.string().length(2).default("en"),
  /** Entities that stop a request, and the least score at which they do. */
  entities: z.array(z.string().regex(/^[A-Z][A-Z_]{1,60}$/)).min(1),
  score: z.number().min(0).max(1).default(0.85),
  ...common,
  timeoutMilliseconds: z.int().min(10).max(60_000).default(5000),
});
export type PresidioSettings = z.infer<typeof presidioSettings>;

const classifierSettings = z.strictObject({
  kind: z.literal("classifier"),
  /** The model that is asked, one that the router knows. */
  model: z.string().min(1),
  /** `guard-model`: it was trained to judge, as Llama Guard; `instructed`: any other, which is told how. */
  template: z.enum(["guard-model", "instructed"]).default("instructed"),
  /** Characters that it is given at once. */
  characters: z.int().min(500).max(100_000).default(8000),
  ...common,
  timeoutMilliseconds: z.int().min(100).max(120_000).default(20_000),
});
export type ClassifierSettings = z.infer<typeof classifierSettings>;

/** An analyser that runs beside a request and can stop it. */
export const analyserSettings = z.discriminatedUnion("kind", [presidioSettings, classifierSettings]);
export type AnalyserSettings = z.infer<typeof analyserSettings>;
