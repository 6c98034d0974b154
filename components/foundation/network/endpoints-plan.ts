import { addOnAccount, arnOf, partitionOf, type Place } from "../private-cloud/place";
import { policyDocument, type Statement } from "../private-cloud/policy-document";

/** AWS services that nodes and pods may call; there is no other way out of the VPC. */
export const interfaceServices = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "s3",
  "secretsmanager",
  "sts",
] as const;
export type InterfaceService = (typeof interfaceServices)[number];

export interface EndpointPlan {
  readonly service: InterfaceService;
  /** What EC2 calls the service. */
  readonly serviceName: string;
  readonly policy: string;
}

/** An endpoint for each service; `s3` is there twice, as an interface for pods and as a gateway for what has no DNS of ours. */
export function planEndpoints(place: Place): Record<InterfaceService, EndpointPlan> {
  return Object.fromEntries(
    interfaceServices.map((service) => [
      service,
      { service, serviceName: `com.amazonaws.${place.region}.${service}`, policy: endpointPolicy(service, place) },
    ]),
  ) as Record<InterfaceService, EndpointPlan>;
}

/** This account's identities on this account's resources: stolen credentials of another account carry nothing out. */
const ownAccount = ({ account }: Place): Statement => ({
  Sid: "OwnIdentitiesOwnResources",
  Effect: "Allow",
  Principal: "*",
  Action: "*",
  Resource: "*",
  Condition: { StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account } },
});

function endpointPolicy(service: InterfaceService, place: Place): string {
  return policyDocument([ownAccount(place), ...(awsOwned[service]?.(place) ?? [])]);
}

/** The reviewed list of what AWS itself owns and a cluster cannot do without. */
const awsOwned: Partial<Record<InterfaceService, (place: Place) => Statement[]>> = {
  // ECR redirects to layers in its own bucket with signed addresses: the identity in them is ECR's.
  s3: (place) => [
    {
      Sid: "EcrLayers",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `${arnOf.bucket(place, `prod-${place.region}-starport-layer-bucket`)}/*`,
    },
  ],
  "ecr.api": (place) => addOnImages(place),
  "ecr.dkr": (place) => addOnImages(place),
};

const addOnImages = ({ account, region }: Place): Statement[] => [
  {
    Sid: "RegistryLogin",
    Effect: "Allow",
    Principal: "*",
    Action: "ecr:GetAuthorizationToken",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": account } },
  },
  {
    Sid: "AddOnImages",
    Effect: "Allow",
    Principal: "*",
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    Resource: `arn:${partitionOf(region)}:ecr:${region}:${addOnAccount(region)}:repository/*`,
    Condition: { StringEquals: { "aws:PrincipalAccount": account } },
  },
];
