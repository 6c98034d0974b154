import type { Properties } from "../../provider";
import type { Resource } from "../definition";
import { capitals, given, tagMap } from "./wire";

type Request = (resource: Resource) => readonly [service: string, operation: string, parameters: object];

const tags = ({ inputs }: Resource) => {
  const all = tagMap(inputs);
  return Object.keys(all).length ? { tags: all } : {};
};

/** What moto does not have: the request is built and judged by the service's own model, and goes no further. */
export const modelledRequests: Readonly<Record<string, Request>> = {
  "aws:ec2/placementGroup:PlacementGroup": ({ inputs }) => [
    "ec2",
    "CreatePlacementGroup",
    {
      GroupName: inputs.name,
      ...(capitals(given(inputs, "strategy", "partitionCount", "spreadLevel")) as Properties),
    },
  ],
  "aws:eks/addon:Addon": (it) => [
    "eks",
    "CreateAddon",
    {
      ...given(it.inputs, "clusterName", "addonName", "addonVersion", "serviceAccountRoleArn", "configurationValues"),
      ...(it.inputs.resolveConflictsOnCreate !== undefined && { resolveConflicts: it.inputs.resolveConflictsOnCreate }),
      ...tags(it),
    },
  ],
  "aws:eks/accessEntry:AccessEntry": (it) => [
    "eks",
    "CreateAccessEntry",
    {
      ...given(it.inputs, "clusterName", "principalArn", "type", "kubernetesGroups"),
      ...(it.inputs.userName !== undefined && { username: it.inputs.userName }),
      ...tags(it),
    },
  ],
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (it) => [
    "eks",
    "AssociateAccessPolicy",
    given(it.inputs, "clusterName", "principalArn", "policyArn", "accessScope"),
  ],
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": (it) => [
    "eks",
    "CreatePodIdentityAssociation",
    {
      ...given(
        it.inputs,
        "clusterName",
        "namespace",
        "serviceAccount",
        "roleArn",
        "targetRoleArn",
        "disableSessionTags",
      ),
      ...tags(it),
    },
  ],
};
