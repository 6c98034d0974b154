import type { Requests } from "./asked-kind";
import { firewallRequests } from "./firewall";
import { identityRequests } from "./identity";
import { keyAndLogRequests } from "./keys-and-logs";
import { machineRequests } from "./machines";
import { networkRequests } from "./network";
import { registryRequests } from "./registry";
import { trailRequests } from "./trail";

/** What each kind asks of its service, by token. What is not here is checked and computed. */
export const askedRequests: Readonly<Record<string, Requests>> = {
  ...networkRequests,
  ...firewallRequests,
  ...identityRequests,
  ...keyAndLogRequests,
  ...machineRequests,
  ...registryRequests,
  ...trailRequests,
};
