import { KitError } from "../../kit-error";

/** Where the resources of one environment are, in AWS's terms; every ARN and name is built from it. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly environment: string;
}

/** `aws`, or `aws-us-gov` in GovCloud. */
export const partitionOf = (region: string): string => (region.startsWith("us-gov-") ? "aws-us-gov" : "aws");

/** What everything of an environment is called first: the cluster bears just this name. */
export const prefixOf = ({ environment }: Pick<Place, "environment">): string => `cloister-${environment}`;

/** ARNs of the environment's own things. Names are plain, so a preview knows them before anything exists. */
export const arnOf = {
  root: (place: Place): string => iam(place, "root"),
  role: (place: Place, name: string): string => iam(place, `role/${name}`),
  bucket: ({ region }: Place, bucket: string): string => `arn:${partitionOf(region)}:s3:::${bucket}`,
  cluster: (place: Place): string => regional(place, "eks", `cluster/${prefixOf(place)}`),
  logGroup: (place: Place, name: string): string => regional(place, "logs", `log-group:${name}`),
  keys: (place: Place): string => regional(place, "kms", "key/*"),
  /** A policy that AWS maintains, by its path, such as `AmazonEKSClusterPolicy`. */
  managedPolicy: ({ region }: Place, path: string): string => `arn:${partitionOf(region)}:iam::aws:policy/${path}`,
  /** A policy of EKS for access entries, such as `AmazonEKSAdminPolicy`. */
  accessPolicy: ({ region }: Place, policy: string): string =>
    `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${policy}`,
};

const iam = ({ account, region }: Place, rest: string): string => `arn:${partitionOf(region)}:iam::${account}:${rest}`;

function regional({ account, region }: Place, service: string, rest: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${rest}`;
}

/**
 * Account that holds the images of EKS add-ons, by region; from the EKS User Guide, “View Amazon container image
 * registries for Amazon EKS add-ons”, an undated copy read in November 2026: regions opened lately may be missing. China
 * has other endpoint names and is not supported.
 */
const addOnAccounts: Readonly<Record<string, string>> = {
  "af-south-1": "877085696533",
  "ap-east-1": "800184023465",
  "ap-northeast-1": "602401143452",
  "ap-northeast-2": "602401143452",
  "ap-northeast-3": "602401143452",
  "ap-south-1": "602401143452",
  "ap-south-2": "900889452093",
  "ap-southeast-1": "602401143452",
  "ap-southeast-2": "602401143452",
  "ap-southeast-3": "296578399912",
  "ap-southeast-4": "491585149902",
  "ca-central-1": "602401143452",
  "ca-west-1": "761377655185",
  "eu-central-1": "602401143452",
  "eu-central-2": "900612956339",
  "eu-north-1": "602401143452",
  "eu-south-1": "590381155156",
  "eu-south-2": "455263428931",
  "eu-west-1": "602401143452",
  "eu-west-2": "602401143452",
  "eu-west-3": "602401143452",
  "il-central-1": "066635153087",
  "me-central-1": "759879836304",
  "me-south-1": "558608220178",
  "sa-east-1": "602401143452",
  "us-east-1": "602401143452",
  "us-east-2": "602401143452",
  "us-gov-east-1": "151742754352",
  "us-gov-west-1": "013241004608",
  "us-west-1": "602401143452",
  "us-west-2": "602401143452",
};

/**
 * Account that holds the images of EKS add-ons in a region.
 *
 * @throws KitError for a region that the list does not have: an endpoint would refuse every add-on image there.
 */
export function addOnAccount(region: string): string {
  const account = addOnAccounts[region];
  if (account !== undefined) return account;
  throw new KitError("The private cloud cannot be laid in this region", [
    {
      path: "footprint.region",
      found: region,
      allowed: Object.keys(addOnAccounts).join(", "),
      mend: "choose one of them, or add the region's add-on registry to components/foundation/private-cloud/place.ts",
    },
  ]);
}
