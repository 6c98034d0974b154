import type { Environment } from "../../../stacks/environment";
import { authorityNames, leafSpecifications, type AuthorityName, type LeafArgs } from "../../certificates";
import { planned } from "../planned";
import type { SubstrateFacts } from "../../substrate";
import type { FoundationArgs } from "../foundation-args";
import type { PkiArgs } from "./pki";

/** What decides which certificates an environment needs. */
export const leafArgsOf = ({ platform }: Environment): LeafArgs => ({
  doorHost: platform.door.host,
  clients: platform.door.clients.map((client) => client.name),
  models: platform.models.map((model) => model.name),
});

/** What an environment's certificates are issued from. */
export const pkiArgsOf = ({ environment, authorities }: FoundationArgs): PkiArgs => ({
  ...leafArgsOf(environment),
  authorities,
  certificateDays: environment.platform.door.certificateDays,
  renewBeforeDays: environment.platform.door.renewBeforeDays,
  organisation: environment.organisation.slug,
});

/** Certificates that a foundation which is not up yet has still to issue. */
export function plannedCertificates(environment: Environment): SubstrateFacts["certificates"] {
  const authorities = authorityNames.map((name) => [name, planned(`authority ${name}`)] as const);
  const leaves = Object.keys(leafSpecifications(leafArgsOf(environment))).map((name) => [
    name,
    { chain: planned(`certificate ${name}`), privateKey: planned(`key ${name}`), notAfter: planned("end") },
  ]);
  return {
    authorities: Object.fromEntries(authorities) as Record<AuthorityName, string>,
    leaves: Object.fromEntries(leaves) as SubstrateFacts["certificates"]["leaves"],
  };
}
