import type { Environment } from "../../../stacks/environment";
import { colocation } from "./colocation";
import type { GuideText } from "./guide-text";
import { onPrem } from "./on-prem";
import { privateCloud } from "./private-cloud";

export type Footprint = Environment["footprint"]["kind"];

const texts: Record<Footprint, GuideText> = { "private-cloud": privateCloud, colocation, "on-prem": onPrem };

/** What a person reads of a footprint. */
export const textOf = (footprint: Footprint): GuideText => texts[footprint];
