import type { OnSiteFootprint } from "../on-site/on-site-plan";

/** One machine of the environment file. */
export type Machine = OnSiteFootprint["machines"][number];

/** The first server: it alone brings the authorities, and every other machine joins the cluster it began. */
export function firstServer({ machines }: OnSiteFootprint): Machine {
  const first = machines.find(({ role }) => role === "server");
  if (first === undefined) throw new Error("the environment has no server; its schema should have told");
  return first;
}

/** Machines in the order in which they are started: the first server, the others, then the agents. */
export const inStartOrder = ({ machines }: OnSiteFootprint): Machine[] => [
  ...machines.filter(({ role }) => role === "server"),
  ...machines.filter(({ role }) => role === "agent"),
];
