import { arnOf, type Place } from "../private-cloud/place";
import { roleNames } from "../private-cloud/role-names";
import type { RolePlan } from "../private-cloud/role";
import { podTrust } from "./pod-identities-plan";

export interface AddOnPlan {
  readonly addOn: string;
  /** JSON of its settings, in the add-on's own schema. */
  readonly configuration?: string;
  /** The service account that needs rights, and the role it becomes. */
  readonly identity?: { readonly serviceAccount: string; readonly role: RolePlan };
}

/** The add-ons of EKS, in the order in which a cluster comes up; versions are those EKS recommends for its minor. */
export function planAddOns(place: Place): { beforeNodes: AddOnPlan[]; afterNodes: AddOnPlan[] } {
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
  return {
    beforeNodes: [
      {
        addOn: "vpc-cni",
        // Without it network policies are accepted and not enforced.
        configuration: JSON.stringify({ enableNetworkPolicy: "true" }),
        identity: systemIdentity("aws-node", names.addresses, "AmazonEKS_CNI_Policy", "Gives pods their addresses"),
      },
      { addOn: "kube-proxy" },
      { addOn: "eks-pod-identity-agent" },
    ],
    afterNodes: [
      { addOn: "coredns" },
      {
        addOn: "aws-ebs-csi-driver",
        identity: systemIdentity(
          "ebs-csi-controller-sa",
          names.volumes,
          "service-role/AmazonEBSCSIDriverPolicy",
          "Gives pods their volumes",
        ),
      },
    ],
  };
}
