import type { ColocationEnvironment } from "../colocation/link-flows";
import { cageMachine, type CageMachine } from "../colocation/cage-machine";
import type { OnSiteEnvironment } from "../on-site/on-site-plan";
import type { Machine } from "./machine";

const nothing: CageMachine = { packages: [], routes: [], files: {}, units: [], kernelParameters: [] };

const inCage = (environment: OnSiteEnvironment): environment is ColocationEnvironment & OnSiteEnvironment =>
  environment.footprint.kind === "colocation";

/** What a machine is given because of where it stands; in a company's own rack that is nothing more. */
export const siteMachine = (environment: OnSiteEnvironment, machine: Machine): CageMachine =>
  inCage(environment) ? cageMachine(environment, machine) : nothing;
