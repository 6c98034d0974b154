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
  "guardduty-data",
  "kms",
  "logs",
  "s3",
  "secretsmanager",
  "ssm",
  "sts",
] as const;
export type InterfaceService = (typeof interfaceServices)[number];

export interface EndpointPlan {
  readonly service: InterfaceService;
  /** What EC2 calls the service. */
  readonly serviceName: string;
  readonly policy: string;
}

export interface EndpointSettings {
  /** Organisation whose accounts are admitted; without it the environment's own account alone. */
  readonly organisationId?: string;
  /** Account of the registry that GuardDuty's agent is pulled from, 12 digits. */
  readonly agentRegistry?: string;
}

/** Pods may reach the object store and no other service: it has addresses of its own, so that a policy can say so. */
export const tierOf = (service: InterfaceService): "endpoints" | "store" => (service === "s3" ? "store" : "endpoints");

/** An endpoint for each service; `s3` is there twice, as an interface for pods and as a gateway for what has no DNS of ours. */
export function planEndpoints(place: Place, settings: EndpointSettings = {}): Record<InterfaceService, EndpointPlan> {
  return Object.fromEntries(
    interfaceServices.map((service) => [
      service,
      {
        service,
        serviceName: `com.amazonaws.${place.region}.${service}`,
        policy: policyDocument([
          ownAccounts(service, place, settings),
          ...(awsOwned[service]?.(place, settings) ?? []),
        ]),
      },
    ]),
  ) as Record<InterfaceService, EndpointPlan>;
}

/** Whose identities an endpoint admits. */
const ownPrincipals = ({ account }: Place, { organisationId }: EndpointSettings): Record<string, string> =>
  organisationId === undefined ? { "aws:PrincipalAccount": account } : { "aws:PrincipalOrgID": organisationId };

/** Services whose resources belong to AWS: what the agent of GuardDuty reports is no resource of the account. */
const withoutResources: readonly InterfaceService[] = ["guardduty-data"];

/** Own identities on own resources: stolen credentials of somebody else carry nothing out. */
function ownAccounts(service: InterfaceService, place: Place, settings: EndpointSettings): Statement {
  const { organisationId } = settings;
  const resources: Record<string, string> =
    organisationId === undefined ? { "aws:ResourceAccount": place.account } : { "aws:ResourceOrgID": organisationId };
  return {
    Sid: "OwnIdentitiesOwnResources",
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: {
      StringEquals: {
        ...ownPrincipals(place, settings),
        ...(withoutResources.includes(service) ? {} : resources),
      },
    },
  };
}

type AwsOwned = (place: Place, settings: EndpointSettings) => Statement[];

const addOnImages: AwsOwned = (place, settings) => {
  const { region } = place;
  const registries = [
    addOnAccount(region),
    ...(settings.agentRegistry === undefined ? [] : [settings.agentRegistry]),
  ].map((account) => `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/*`);
  return [
    {
      Sid: "RegistryLogin",
      Effect: "Allow",
      Principal: "*",
      Action: "ecr:GetAuthorizationToken",
      Resource: "*",
      Condition: { StringEquals: ownPrincipals(place, settings) },
    },
    {
      Sid: "AddOnImages",
      Effect: "Allow",
      Principal: "*",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: registries,
      Condition: { StringEquals: ownPrincipals(place, settings) },
    },
  ];
};

/** The reviewed list of what AWS itself owns and a cluster cannot do without. */
const awsOwned: Partial<Record<InterfaceService, AwsOwned>> = {
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
  "ecr.api": addOnImages,
  "ecr.dkr": addOnImages,
};
