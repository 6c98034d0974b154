import type { addOnNames } from "../../../stacks/schema/private-cloud";
import { arnOf, type Place } from "../private-cloud/place";
import { roleNames } from "../private-cloud/role-names";
import type { RolePlan } from "../private-cloud/role";
import { podTrust } from "./pod-identities-plan";

export interface AddOnPlan {
  readonly addOn: string;
  /** Pinned version; absent where the environment pins none, and EKS chooses when the add-on is made. */
  readonly version?: string;
  /** JSON of its settings, in the add-on's own schema. */
  readonly configuration?: string;
  /** The service account that needs rights, and the role it becomes. */
  readonly identity?: { readonly serviceAccount: string; readonly role: RolePlan };
}

export interface AddOnSettings {
  readonly versions: Readonly<Partial<Record<(typeof addOnNames)[number], string>>>;
  /** GuardDuty's agent on the nodes, where the environment runs it. */
  readonly runtimeAgent?: { readonly version: string };
}

/** The add-ons of EKS, in the order in which a cluster comes up. */
export function planAddOns(
  place: Place,
  settings: AddOnSettings,
): { beforeNodes: AddOnPlan[]; afterNodes: AddOnPlan[] } {
  const names = roleNames(place);
  const systemIdentity = (serviceAccount: string, name: string, policy: string, description: string) => ({
    serviceAccount,
    role: {
      name,
      description,
      trust: podTrust(place, "kube-system", serviceAccount),
      managed: [arnOf.managedPolicy(place, policy)],
    },
  });
  const pinned = (addOn: (typeof addOnNames)[number]) => {
    const version = settings.versions[addOn];
    return { addOn, ...(version === undefined ? {} : { version }) };
  };
  return {
    beforeNodes: [
      {
        ...pinned("vpc-cni"),
        // Without it network policies are accepted and not enforced.
        configuration: JSON.stringify({ enableNetworkPolicy: "true" }),
        identity: systemIdentity("aws-node", names.addresses, "AmazonEKS_CNI_Policy", "Gives pods their addresses"),
      },
      pinned("kube-proxy"),
      pinned("eks-pod-identity-agent"),
    ],
    afterNodes: [
      pinned("coredns"),
      {
        ...pinned("aws-ebs-csi-driver"),
        identity: systemIdentity(
          "ebs-csi-controller-sa",
          names.volumes,
          "service-role/AmazonEBSCSIDriverPolicy",
          "Gives pods their volumes",
        ),
      },
      // Tells EKS of sick GPUs, kernels and networks, so that such nodes are repaired too.
      pinned("eks-node-monitoring-agent"),
      ...(settings.runtimeAgent === undefined
        ? []
        : [{ addOn: "aws-guardduty-agent", version: settings.runtimeAgent.version }]),
    ],
  };
}
