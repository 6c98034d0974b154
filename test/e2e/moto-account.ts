import { Api } from "../../rehearsal/providers/aws/requests/api";
import type { Moto } from "../../rehearsal/moto/moto";
import type { StandingResource } from "./standing";

/** What moto's account holds of the kinds that an environment makes most of, as `kind name`, sorted. */
export async function cloudThere({ url }: Moto, account: string, region: string): Promise<string[]> {
  const api = new Api(url);
  const ask = async (service: string, operation: string, parameters: object = {}) =>
    (await api.request({ account, region }, service, operation, parameters)).answer;
  const [s3, ec2, eks, ecr, trails] = await Promise.all([
    ask("s3", "ListBuckets"),
    // Every account is born with a network that nobody asked for.
    ask("ec2", "DescribeVpcs", { Filters: [{ Name: "is-default", Values: ["false"] }] }),
    ask("eks", "ListClusters"),
    ask("ecr", "DescribeRepositories"),
    ask("cloudtrail", "DescribeTrails"),
  ]);
  const names = (kind: string, list: unknown, field?: string) =>
    ((list ?? []) as (string | Record<string, string>)[]).map((one) =>
      typeof one === "string" ? `${kind} ${one}` : `${kind} ${one[field ?? ""] ?? ""}`,
    );
  return [
    ...names("Bucket", s3["Buckets"], "Name"),
    ...names("Vpc", ec2["Vpcs"], "VpcId"),
    ...names("Cluster", eks["clusters"]),
    ...names("Repository", ecr["repositories"], "repositoryName"),
    ...names("Trail", trails["trailList"], "Name"),
  ].sort();
}

const kinds = ["aws:s3/bucket:Bucket", "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:ecr/repository:Repository"];
const trail = "aws:cloudtrail/trail:Trail";

/** The same of a state. */
export const cloudInState = (resources: readonly StandingResource[]): string[] =>
  resources
    .filter(({ type }) => kinds.includes(type) || type === trail)
    .map(({ type, id = "", inputs }) => {
      const name = type === trail ? String(inputs?.["name"]) : id;
      return `${type.split(":").at(-1) ?? type} ${name}`;
    })
    .sort();
