import type * as pulumi from "@pulumi/pulumi";
import type { ImageReference } from "../images";
import type { Substrate } from "../substrate";

/** What the workloads of any zone are made from. */
export interface ZoneWorkloadArgs {
  readonly substrate: Substrate;
  /** The zone's namespace, known once its walls stand. */
  readonly namespace: pulumi.Input<string>;
  readonly image: ImageReference;
}
