import { objectName } from "../../../../components/certificates";
import { ports } from "../../../../components/flows";
import { routerProbes } from "../../../../components/platform/gateway/envoy-router";
import type { LayOut, Places } from "./lay-out";

export const routerListens = {
  metrics: `0.0.0.0:${ports.routerMetrics}`,
  health: `0.0.0.0:${routerProbes}`,
};

/** Where the router and the models stand when nothing is to be reached. */
export const routerNowhere = (models: readonly { readonly name: string }[]): Places => ({
  [routerListens.metrics]: 1,
  [routerListens.health]: 2,
  ...modelPlaces(Object.fromEntries(models.map(({ name }) => [name, 3]))),
});

/** Where model servers stand, by the model's name. */
export const modelPlaces = (at: Readonly<Record<string, number>>): Places =>
  Object.fromEntries(Object.entries(at).map(([name, port]) => [`${objectName(name)}.serving.svc:${ports.vllm}`, port]));

/** What the router is laid out with: the guard's certificates. */
export const routerLayOut = (configuration: object, places: Places): LayOut => ({
  configuration,
  places,
  leaves: {
    guard: ["services", ["guard.gateway.svc"]],
    caller: ["callers", ["guard.gateway.svc"]],
  },
});
