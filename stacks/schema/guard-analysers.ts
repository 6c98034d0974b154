import { z } from "zod";
import { modelNames, type ModelName } from "../../components/images";
import { presidioEntityNames, usualEntities, type PresidioEntity } from "../../components/presidio-entities";
import { waiver } from "./waiver";

const required = z.boolean().default(true).meta({
  description: "Nothing is answered that it has not judged: without a judgement the answer is 503",
  mend: "write true or false",
});
const action = z.enum(["block", "quarantine"]).default("quarantine").meta({
  description:
    "What is done with a request in which it finds something; quarantined ones are kept, and a person is told",
  mend: "choose one of them",
});

/** Presidio beside the guard: on where nothing is written. */
export const presidio = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: "It runs beside every request", mend: "write true or false" }),
    required,
    action,
    furtherEntities: z
      .array(
        z.enum(presidioEntityNames as [PresidioEntity, ...PresidioEntity[]]).meta({
          description: "Something that Presidio can find",
          mend: "choose one of them",
        }),
      )
      .default([])
      .meta({
        description: `What it looks for besides ${usualEntities.join(", ")}. The checks of most others pass one number in ten or eleven of their length: ask for what the company handles`,
      }),
    waiver: waiver
      .optional()
      .meta({ description: "Who answers for it where it is off, not required, or only blocks; none elsewhere" }),
  })
  .prefault({})
  .meta({ description: "Presidio, which finds personal data beside requests by numbers and their checks" });

/** A model as a judge beside the guard: none where nothing is written. */
export const classifier = z
  .strictObject({
    model: z.enum(modelNames as [ModelName, ...ModelName[]]).meta({
      description: "A model that serves, which is asked whether a text is safe",
      mend: "choose one of the environment's models",
    }),
    template: z.enum(["guard-model", "instructed"]).default("instructed").meta({
      description: "`guard-model` was trained to judge, as Llama Guard; an `instructed` one is told how",
      mend: "choose one of them",
    }),
    required,
    action,
  })
  .optional()
  .meta({ description: "A model that judges every prompt and answer beside the request" });
