import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../stacks/environment";
import { Colocation, type ColocationEnvironment } from "./foundation/colocation/colocation";
import type { FoundationArgs } from "./foundation/foundation-args";
import { OnPrem, type OnPremEnvironment } from "./foundation/on-prem/on-prem";
import { planOnSite } from "./foundation/on-site/on-site-plan";
import { checkAuthorities, type Authorities } from "./foundation/pki/pki-plan";
import { PrivateCloud } from "./foundation/private-cloud/private-cloud";
import { planPrivateCloud, type PrivateCloudEnvironment } from "./foundation/private-cloud/private-cloud-plan";
import type { SubstrateFacts } from "./substrate";

/** A laid footprint: a component whose Substrate crosses to the platform's stack. */
export interface Foundation extends pulumi.ComponentResource {
  readonly substrate: pulumi.Output<SubstrateFacts>;
  /** What else the footprint's stack hands out, by the name of the stack output; none of it reaches the platform. */
  readonly outputs?: Readonly<Record<string, pulumi.Output<unknown>>>;
}

interface FootprintKind {
  lay(name: string, args: FoundationArgs): Foundation;
  plan(environment: Environment): SubstrateFacts;
  /** What an operator does once the foundation is up, so that the cluster's context is in their kubeconfig. */
  reach(environment: Environment): readonly string[];
}

/** Machines boot from media; the context comes from one of them, and ends within hours. */
const reachSite = ({ name }: Environment): readonly string[] => [
  `write the boot media, \`npm run cloister -- boot-media ${name}\`, and start the machines from them, the first server first`,
  `run \`npm run cloister -- kubeconfig ${name} --user <you>\`, export KUBECONFIG as it says, and run \`npm run cloister -- up ${name}\` again`,
];

const reachCloud = (environment: Environment): readonly string[] => {
  const { footprint } = environment as PrivateCloudEnvironment;
  const { context } = planPrivateCloud(environment as PrivateCloudEnvironment).kubernetes;
  return [
    "from inside the VPC, or from a network attached to it, as one of the environment's administrators:",
    `aws eks update-kubeconfig --region ${footprint.region} --name ${context} --alias ${context}`,
    `then run \`npm run cloister -- up ${environment.name}\` again`,
  ];
};

/** The three footprints. The environment's kind was checked by its schema, which is what makes the casts sound. */
const footprints: Record<Environment["footprint"]["kind"], FootprintKind> = {
  "private-cloud": {
    lay: (name, args) => new PrivateCloud(name, args as FoundationArgs<PrivateCloudEnvironment>),
    plan: (environment) => planPrivateCloud(environment as PrivateCloudEnvironment),
    reach: reachCloud,
  },
  colocation: {
    lay: (name, args) => new Colocation(name, args as FoundationArgs<ColocationEnvironment>),
    plan: (environment) => planOnSite(environment as ColocationEnvironment),
    reach: reachSite,
  },
  "on-prem": {
    lay: (name, args) => new OnPrem(name, args as FoundationArgs<OnPremEnvironment>),
    plan: (environment) => planOnSite(environment as OnPremEnvironment),
    reach: reachSite,
  },
};

/**
 * Lays the ground of an environment.
 *
 * @param authorities what the offline ceremony handed over.
 * @throws KitError when an authority cannot issue; before anything is made.
 */
export function layFoundation(environment: Environment, authorities: Authorities): Foundation {
  checkAuthorities(environment.name, authorities, environment.platform.door.certificateDays, Date.now());
  return footprints[environment.footprint.kind].lay("foundation", { environment, authorities });
}

/** The Substrate that `layFoundation` would offer, as far as the environment file decides it. */
export function planSubstrate(environment: Environment): SubstrateFacts {
  return footprints[environment.footprint.kind].plan(environment);
}

/** What to do so that the cluster on an environment's foundation can be reached; one line each. */
export function reachCluster(environment: Environment): readonly string[] {
  return footprints[environment.footprint.kind].reach(environment);
}
