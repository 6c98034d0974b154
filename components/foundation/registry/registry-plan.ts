import { imageCatalogue, imageNames, siteImageNames, type ImageName } from "../../images";
import { arnOf, partitionOf, prefixOf, type Place } from "../private-cloud/place";
import { policyDocument, type Statement } from "../private-cloud/policy-document";
import type { RolePlan } from "../private-cloud/role";
import { roleNames } from "../private-cloud/role-names";

export interface RepositoryPlan {
  readonly image: ImageName;
  /** Name of the repository, below the account's registry. */
  readonly repository: string;
}

/** Where images are named: the account's registry and the environment's part of it. */
export const registryHost = (place: Place): string =>
  `${place.account}.dkr.ecr.${place.region}.amazonaws.com/${prefixOf(place)}`;

/** What only a site's own machines run has no place in a cloud's registry. */
const cloudImages = imageNames.filter((name) => !(siteImageNames as readonly ImageName[]).includes(name));

/** A repository for each image and model of the catalogue: ECR makes none by itself when something is pushed. */
export const planRepositories = (place: Place): RepositoryPlan[] =>
  cloudImages.map((image) => ({ image, repository: `${prefixOf(place)}/${imageCatalogue[image].repository}` }));

/** Name of the role that mirrors images: the only one that pushes. */
export const mirrorRoleName = (place: Place): string => `${prefixOf(place)}-mirror`;

/** Every repository of the environment, and no other. */
const repositories = (place: Place): string =>
  `arn:${partitionOf(place.region)}:ecr:${place.region}:${place.account}:repository/${prefixOf(place)}/*`;

const pulls = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const pushes = ["ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"];
const removals = ["ecr:BatchDeleteImage", "ecr:DeleteRepository"];

/**
 * The policy of every repository: nodes pull, the mirror pushes and checks what it pushed, the scanner reads. Nobody else
 * does, whatever rights a role of the account was given, and nobody deletes an image. It allows nothing by itself:
 * another account has no way in, and the roles have their rights in their own policies.
 */
export function repositoryPolicy(place: Place): string {
  const mirror = arnOf.role(place, mirrorRoleName(place));
  const scanner = arnOf.role(place, "aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2");
  const denyAllBut = (sid: string, actions: readonly string[], roles: readonly string[]): Statement => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: actions,
    Condition: { ArnNotEquals: { "aws:PrincipalArn": roles } },
  });
  return policyDocument([
    denyAllBut("OnlyNodesPull", pulls, [arnOf.role(place, roleNames(place).nodes), mirror, scanner]),
    denyAllBut("OnlyMirrorPushes", pushes, [mirror]),
    { Sid: "NobodyDeletes", Effect: "Deny", Principal: "*", Action: removals },
  ]);
}

/**
 * The role of `images mirror`. The administrators become it, with a second factor where the session tells of one: a session
 * that the company's identity provider opened does not.
 */
export const planMirrorRole = (place: Place, administrators: readonly string[]): RolePlan => ({
  name: mirrorRoleName(place),
  description: "Mirrors images into the private registry",
  trust: policyDocument([
    {
      Sid: "Trust",
      Effect: "Allow",
      Principal: { AWS: administrators },
      Action: "sts:AssumeRole",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "true" } },
    },
  ]),
  own: {
    mirror: policyDocument([
      // A login is to the whole registry; what it may do there is decided below.
      { Sid: "Login", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Sid: "Mirror",
        Effect: "Allow",
        Action: [...pulls, ...pushes, "ecr:BatchCheckLayerAvailability", "ecr:DescribeImages"],
        Resource: repositories(place),
      },
    ]),
  },
});
