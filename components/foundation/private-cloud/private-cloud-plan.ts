import type { Environment } from "../../../stacks/environment";
import type { PrivateCloudFootprint } from "../../../stacks/schema/footprints";
import { authorityNames } from "../../certificates";
import type { SubstrateFacts } from "../../substrate";

export type PrivateCloudEnvironment = Environment & { readonly footprint: PrivateCloudFootprint };

export function planPrivateCloud(_environment: PrivateCloudEnvironment): SubstrateFacts {
  throw new Error(`not laid yet: ${authorityNames.join()}`);
}
