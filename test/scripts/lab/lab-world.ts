import { planSubstrate } from "../../../components/foundation";
import { flows, type Flow } from "../../../components/flows";
import type { PlatformArgs } from "../../../components/platform";
import { Substrate } from "../../../components/substrate";
import { renderCompose, type RenderedCompose } from "../../../scripts/lab/compose/render-compose";
import type { ComposeOptions } from "../../../scripts/lab/compose/rendering";
import { recordManifests } from "../../../scripts/lab/manifests/record-manifests";
import type { KubernetesObject } from "../../../scripts/export/kubernetes-objects";
import { readEnvironment } from "../../../stacks/environment";

export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

/** What the platform is made from in an example environment, on the Substrate that its foundation would offer. */
export function platformArgsOf(name: string): PlatformArgs {
  const environment = readEnvironment(name);
  const substrate = new Substrate(planSubstrate(environment), true);
  const image = (one: string) => `${substrate.facts.registry.host}/${one}@${digest}`;
  return { ...environment.platform, substrate, image };
}

/** The platform's manifests for an example environment. */
export const manifestsOf = (name: string): Promise<KubernetesObject[]> => recordManifests(platformArgsOf(name));

export const doorHost = "llm.example.internal";

/** What manifests are rendered to, by the kit's flow table or another one. */
export const rendered = (
  objects: readonly KubernetesObject[],
  options: Partial<ComposeOptions> = {},
  table: readonly Flow[] = flows,
): RenderedCompose => renderCompose(objects, { doorHost, ...options }, table);
