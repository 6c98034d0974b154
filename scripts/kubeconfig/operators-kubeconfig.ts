import { operatorsGroup } from "../../components/foundation/operators-group";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import { planOnSite, type OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import { KitError } from "../../components/kit-error";
import { Authority } from "../../rehearsal/control-plane/authority";
import { writeKubeconfig } from "../../rehearsal/control-plane/kubeconfig";

/** A certificate cannot be called back, so none lives longer. */
const longestHours = 24;

export interface OperatorsKubeconfigArgs {
  readonly environment: OnSiteEnvironment;
  /** The foundation's output `machines`. */
  readonly secrets: MachineSecrets;
  /** Who asks, as the audit record names them. */
  readonly user: string;
  /** As a person wrote it. */
  readonly hours: string;
  readonly path: string;
}

/**
 * Writes a kubeconfig whose certificate is of the group of operators, never of `system:masters`, and ends within hours.
 *
 * @throws KitError with every wrong option.
 */
export async function writeOperatorsKubeconfig(
  args: OperatorsKubeconfigArgs,
): Promise<{ context: string; ends: Date }> {
  const { environment, secrets, user, path } = args;
  const hours = Number(args.hours);
  const mistakes = [
    ...(Number.isInteger(hours) && hours >= 1 && hours <= longestHours
      ? []
      : [
          {
            path: "--hours",
            found: args.hours,
            allowed: `a whole number from 1 to ${longestHours}`,
            mend: "take one for a working day, and another tomorrow",
          },
        ]),
    ...(/^[a-z0-9][a-z0-9._@-]{1,62}$/.test(user)
      ? []
      : [
          {
            path: "--user",
            found: user,
            allowed: "2 to 63 lower-case letters, digits, dots, hyphens, underscores or @",
            mend: "write the person's name as the company's directory has it; `system:` is Kubernetes' own",
          },
        ]),
  ];
  if (mistakes.length > 0) throw new KitError("No kubeconfig was written", mistakes);
  const authority = await Authority.open(secrets.authorities.client);
  const credential = await authority.issue({
    commonName: user,
    organizations: [operatorsGroup],
    usages: ["client"],
    hours,
  });
  const { context } = planOnSite(environment).kubernetes;
  writeKubeconfig(path, {
    server: `https://${environment.footprint.network.apiServer}:6443`,
    // The offline root: whatever authority the cluster has later, this one stands above it.
    caCertificate: secrets.clusterRoot,
    credential,
    context,
    user,
  });
  return { context, ends: new Date(Date.now() + hours * 3_600_000) };
}
