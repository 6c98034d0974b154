import { forAccount, trustOf } from "../private-cloud/policy-document";
import { arnOf, prefixOf, type Place } from "../private-cloud/place";
import { roleNames } from "../private-cloud/role-names";
import type { RolePlan } from "../private-cloud/role";

/** All that the control plane can log; the kit wants all of it on the record. */
export const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

/** EKS writes to a group of this name, and makes one without our key or retention if it finds none. */
export const controlPlaneLogGroup = (place: Place): string => `/aws/eks/${prefixOf(place)}/cluster`;

export interface AccessPlan {
  /** Part of a resource's name: the path of the role. */
  readonly suffix: string;
  readonly principalArn: string;
}

/** Part of a resource's name for the role of an ARN: its path. */
const suffixOf = (principalArn: string): string =>
  principalArn.slice(principalArn.indexOf(":role/") + ":role/".length).replaceAll("/", "-");

/** Who may call the API: the environment's administrators, each once. */
export const planAccess = (administrators: readonly string[]): AccessPlan[] =>
  [...new Set(administrators)].map((principalArn) => ({
    suffix: suffixOf(principalArn),
    principalArn,
  }));

/** The role as which EKS works in the account. */
export const controlPlaneRole = (place: Place): RolePlan => ({
  name: roleNames(place).controlPlane,
  description: "The control plane of EKS",
  trust: trustOf("eks.amazonaws.com", forAccount(place.account)),
  managed: [arnOf.managedPolicy(place, "AmazonEKSClusterPolicy")],
});
