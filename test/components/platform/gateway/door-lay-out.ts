import { stringify } from "yaml";
import { ports } from "../../../../components/flows";
import { envoyConfig, readinessPort, type EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { tokenConfiguration, tokenFile } from "../../../../components/platform/gateway/envoy-identity";
import {
  revocationConfiguration,
  revocationFile,
  revokedFile,
} from "../../../../components/platform/gateway/envoy-revocation";
import type { LayOut, Places } from "./lay-out";

export const doorListens = {
  door: `0.0.0.0:${ports.door}`,
  metrics: `0.0.0.0:${ports.doorMetrics}`,
  health: `0.0.0.0:${readinessPort}`,
};
const guard = `guard.gateway.svc:${ports.guard}`;
const collector = `collector.audit.svc:${ports.collector}`;
const rateLimit = `ratelimit.gateway.svc:${ports.rateLimit}`;

/** Where the door and its neighbours stand when nothing is to be reached. */
export const nowhere: Places = {
  [doorListens.door]: 1,
  [doorListens.metrics]: 2,
  [doorListens.health]: 3,
  [guard]: 4,
  [collector]: 5,
  [rateLimit]: 6,
};

/** Where the door's neighbours stand. */
export const neighbours = (at: Readonly<Record<"guard" | "collector" | "rateLimit", number>>): Places => ({
  [guard]: at.guard,
  [collector]: at.collector,
  [rateLimit]: at.rateLimit,
});

/** Files of a door that follows a list of certificates that were taken back, PEM. */
export const takenBack = (list: string): Record<string, string> => ({
  [revocationFile]: stringify(revocationConfiguration()),
  [revokedFile]: list,
});

/** What the door is laid out with. */
export const doorLayOut = (args: EnvoyConfigArgs, places: Places, more: Record<string, string> = {}): LayOut => ({
  configuration: envoyConfig(args),
  places,
  leaves: { door: ["services", ["envoy.gateway.svc", "envoy-metrics.gateway.svc", args.host]] },
  files: { [tokenFile]: stringify(tokenConfiguration(args.identity)), ...more },
});
