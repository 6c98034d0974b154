import { readFileSync, writeFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { layFoundation, planSubstrate } from "../../components/foundation";
import type { Authorities } from "../../components/foundation/pki/pki-plan";
import type { ModelName } from "../../components/images";
import { Platform } from "../../components/platform";
import { Substrate } from "../../components/substrate";
import { readEnvironment } from "../../stacks/environment";

/** What a run is asked for, by its environment. */
interface Asked {
  readonly what: "models" | "pools";
  readonly count: number;
  /** File of the authorities, held for the measurement. */
  readonly authorities: string;
  /** Where the program leaves its largest memory, KiB. */
  readonly memory: string;
}

const asked = JSON.parse(process.env.CLOISTER_BENCH_SCALE ?? "{}") as Asked;
const numbered = (name: string, index: number) => `${name}-${String(index + 1).padStart(3, "0")}`;

process.on("exit", () => writeFileSync(asked.memory, String(process.resourceUsage().maxRSS)));

/**
 * Models of a measurement, which no catalogue has: only their number matters, so they are called by it, and their digest
 * is of nothing. The engine makes what it would make for as many real ones, and waits for none: there are not the GPUs.
 */
function platformOf(count: number): void {
  const environment = readEnvironment("on-prem");
  const substrate = new Substrate(planSubstrate(environment), true);
  const pool = environment.platform.models[0]!;
  const models = Array.from({ length: count }, (_, index) => ({
    ...pool,
    name: numbered("model", index) as ModelName,
  }));
  const image = (name: string) => `${substrate.facts.registry.host}/${name}@sha256:${"0".repeat(64)}`;
  const unawaited: pulumi.ResourceTransform = ({ type, props, opts }) => {
    if (!/^kubernetes:apps\/v1:(Deployment|StatefulSet)$/.test(type)) return undefined;
    const { metadata } = props as { metadata: { annotations?: object } };
    const annotations = { ...metadata.annotations, "pulumi.com/skipAwait": "true" };
    return { props: { ...props, metadata: { ...metadata, annotations } }, opts };
  };
  const { door, people, guard, limits } = environment.platform;
  new Platform("platform", { substrate, image, door, people, guard, limits, models }, { transforms: [unawaited] });
}

/** The private cloud with so many GPU pools, each like the example's. */
function foundationOf(count: number): void {
  const environment = readEnvironment("private-cloud");
  const { footprint } = environment;
  if (footprint.kind !== "private-cloud") throw new Error("the example is another footprint by now");
  const like = footprint.gpuPools[0]!;
  const gpuPools = Array.from({ length: count }, (_, index) => ({ ...like, name: numbered("pool", index) }));
  const authorities = JSON.parse(readFileSync(asked.authorities, "utf8")) as Authorities;
  layFoundation({ ...environment, footprint: { ...footprint, gpuPools } }, authorities);
}

export = async (): Promise<void> => {
  if (asked.what === "models") platformOf(asked.count);
  else foundationOf(asked.count);
  await Promise.resolve();
};
