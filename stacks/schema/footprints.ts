import { z } from "zod";
import { colocation } from "./colocation";
import { onPrem } from "./on-prem";
import { privateCloud } from "./private-cloud";

export const footprint = z
  .discriminatedUnion("kind", [privateCloud, colocation, onPrem])
  .meta({ description: "The ground: a cloud account, a cage or a rack" });

export type Footprint = z.infer<typeof footprint>;
