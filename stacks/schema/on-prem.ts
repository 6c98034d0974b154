import { z } from "zod";
import { site } from "./site";

/** An air-gapped rack of one's own. */
export const onPrem = z.strictObject({ kind: z.literal("on-prem"), ...site });

export type OnPremFootprint = z.infer<typeof onPrem>;
