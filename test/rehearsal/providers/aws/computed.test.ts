import { describe, expect, it } from "vitest";
import { definitions } from "../../../../rehearsal/providers/aws/definitions";
import { shapes } from "../../../../rehearsal/providers/aws/shapes";
import { createAwsTable } from "../../../../rehearsal/providers/aws/table";
import type { Autonaming, Properties } from "../../../../rehearsal/providers/provider";
import { callContext, lines } from "../context";
import { examples } from "./examples";

const table = createAwsTable();
const configuration = { region: "eu-central-1" };

const kindOf = (token: string) => {
  const kind = table.kind(token);
  if (!kind) throw new Error(`no kind ${token}`);
  return kind;
};
const contextOf = (token: string, changes = {}) => callContext(token, { configuration, ...changes });
const check = async (token: string, inputs: Properties, autonaming?: Autonaming, olds?: Properties) => {
  const result = await kindOf(token).check?.(inputs, { ...contextOf(token), autonaming, olds });
  return { inputs: result?.inputs ?? {}, failures: lines(result?.failures ?? []) };
};
const make = async (token: string, given: Properties, changes = {}) => {
  const { inputs } = await check(token, given);
  return kindOf(token).create(inputs, contextOf(token, changes));
};

describe("every computed kind", () => {
  it.each(Object.keys(definitions))("%s has an example that passes its checks", async (token) => {
    const { failures } = await check(token, examples[token] ?? { missing: "example" });
    expect(failures).toEqual([]);
  });

  it.each(Object.keys(definitions))("%s has an identifier and only outputs that the SDK has", async (token) => {
    const { id, state } = await make(token, examples[token] ?? {});
    expect(id).not.toMatch(/^$|undefined|\[object/);
    expect(JSON.stringify(state)).not.toMatch(/undefined|\[object/);
    expect(Object.keys(state).filter((key) => !shapes.kinds[token]?.outputs.includes(key))).toEqual([]);
  });

  it.each(Object.keys(definitions))(
    "%s is made again under the same identifier, and kept over an update",
    async (token) => {
      const kind = kindOf(token);
      const [made, again] = [await make(token, examples[token] ?? {}), await make(token, examples[token] ?? {})];
      expect(again.id).toBe(made.id);
      const { inputs } = await check(token, examples[token] ?? {});
      const updated = await kind.update?.(made.id, made.state, inputs, contextOf(token));
      expect(updated?.state).toEqual({
        ...made.state,
        ...("modifiedAt" in made.state && { modifiedAt: updated?.state.modifiedAt }),
      });
    },
  );

  it("shows in a preview what is known before, and no identifier or ARN", async () => {
    const made = await make(
      "aws:ec2/vpc:Vpc",
      { cidrBlock: "10.0.0.0/16", tags: { zone: "serving" } },
      { preview: true },
    );
    expect(made).toEqual({
      id: "",
      state: {
        assignGeneratedIpv6CidrBlock: false,
        cidrBlock: "10.0.0.0/16",
        enableDnsHostnames: false,
        enableDnsSupport: true,
        instanceTenancy: "default",
        region: "eu-central-1",
        tags: { zone: "serving" },
        tagsAll: { zone: "serving" },
      },
    });
  });

  it("cannot be imported", () => {
    const context = { ...contextOf("aws:ec2/vpc:Vpc"), inputs: {} };
    expect(() => kindOf("aws:ec2/vpc:Vpc").read?.("vpc-1", {}, context)).toThrow(
      "aws:ec2/vpc:Vpc is computed in a rehearsal: there is no vpc-1 to read",
    );
  });

  it("is marked as computed, and an unknown kind is not known", () => {
    expect(Object.keys(definitions).map((token) => kindOf(token).fidelity)).not.toContain("real");
    expect(table.kind("aws:ec2/instance:Instance")).toBeUndefined();
  });
});

describe("identifiers and ARNs", () => {
  it("have the official shape", async () => {
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    expect(vpc.id).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(vpc.state.arn).toBe(`arn:aws:ec2:eu-central-1:000000000000:vpc/${vpc.id}`);
    const key = await make("aws:kms/key:Key", {});
    expect(key.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const role = await make("aws:iam/role:Role", examples["aws:iam/role:Role"] ?? {});
    expect(role.state.arn).toBe(`arn:aws:iam::000000000000:role/${role.id}`);
    const repository = await make("aws:ecr/repository:Repository", { name: "serving/vllm" });
    expect(repository.state.repositoryUrl).toBe("000000000000.dkr.ecr.eu-central-1.amazonaws.com/serving/vllm");
    expect(repository.state.arn).toBe("arn:aws:ecr:eu-central-1:000000000000:repository/serving/vllm");
    const bucket = await make("aws:s3/bucket:Bucket", { bucket: "audit-1" });
    expect(bucket.state).toMatchObject({ arn: "arn:aws:s3:::audit-1", bucketRegion: "eu-central-1" });
  });

  it("follow the partition, the account that is allowed and the resource's own region", async () => {
    const settings = {
      region: "us-gov-west-1",
      allowedAccountIds: '["123456789012"]',
      defaultTags: '{"tags":{"a":"1"}}',
    };
    const { state } = await make(
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "audit", tags: { b: "2" } },
      { configuration: settings },
    );
    expect(state.arn).toBe("arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:audit");
    expect(state.tagsAll).toEqual({ a: "1", b: "2" });
    const elsewhere = await make("aws:cloudwatch/logGroup:LogGroup", { name: "audit", region: "eu-west-1" });
    expect(elsewhere.state.arn).toBe("arn:aws:logs:eu-west-1:000000000000:log-group:audit");
  });

  it("change with what forces a replacement, and with nothing else", async () => {
    const first = await make("aws:ec2/subnet:Subnet", examples["aws:ec2/subnet:Subnet"] ?? {});
    const tagged = await make("aws:ec2/subnet:Subnet", { ...examples["aws:ec2/subnet:Subnet"], tags: { a: "b" } });
    const moved = await make("aws:ec2/subnet:Subnet", {
      ...examples["aws:ec2/subnet:Subnet"],
      cidrBlock: "10.0.64.0/20",
    });
    expect(tagged.id).toBe(first.id);
    expect(moved.id).not.toBe(first.id);
    expect(kindOf("aws:ec2/subnet:Subnet").replaceOn).toContain("cidrBlock");
  });

  it("agree between a network and the default group that it brings", async () => {
    const vpc = await make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const group = await make("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { vpcId: vpc.id });
    expect(group.id).toBe(vpc.state.defaultSecurityGroupId);
  });

  it("count the versions of a launch template, for what a version holds", async () => {
    const token = "aws:ec2/launchTemplate:LaunchTemplate";
    const { id, state } = await make(token, { name: "gpu", instanceType: "p5.48xlarge" });
    expect(state).toMatchObject({ latestVersion: 1, defaultVersion: 1 });
    const update = async (olds: Properties, news: Properties) =>
      (await kindOf(token).update?.(id, olds, news, contextOf(token)))?.state ?? {};
    const tagged = await update(state, { name: "gpu", instanceType: "p5.48xlarge", tags: { a: "b" } });
    expect(tagged).toMatchObject({ latestVersion: 1, tagsAll: { a: "b" } });
    const changed = await update(tagged, { name: "gpu", instanceType: "p5e.48xlarge", updateDefaultVersion: true });
    expect(changed).toMatchObject({ latestVersion: 2, defaultVersion: 2 });
  });
});

describe("names", () => {
  const proposed = (mode: Autonaming["mode"], proposedName = "Audit-a1b2c3d"): Autonaming => ({ mode, proposedName });

  it("are the engine's proposal, in the case that the service allows", async () => {
    expect((await check("aws:s3/bucket:Bucket", {}, proposed("propose"))).inputs.bucket).toBe("audit-a1b2c3d");
    expect((await check("aws:kms/alias:Alias", { targetKeyId: "k" }, proposed("propose"))).inputs.name).toBe(
      "alias/Audit-a1b2c3d",
    );
  });

  it("are used as they are where they are enforced, and then may be refused", async () => {
    const { inputs, failures } = await check("aws:s3/bucket:Bucket", {}, proposed("enforce"));
    expect(inputs.bucket).toBe("Audit-a1b2c3d");
    expect(failures).toEqual([expect.stringMatching(/^bucket: found "Audit-a1b2c3d": must be 3 to 63 lower-case/)]);
  });

  it("must be given where automatic names are switched off", async () => {
    expect((await check("aws:s3/bucket:Bucket", {}, proposed("disabled"))).failures).toEqual([
      "bucket: found nothing: automatic names are switched off; give the name here",
    ]);
  });

  it("stay what they were, and begin with a given prefix", async () => {
    const token = "aws:s3/bucket:Bucket";
    expect((await check(token, {}, proposed("propose"), { bucket: "audit-old" })).inputs.bucket).toBe("audit-old");
    const { inputs } = await check(token, { bucketPrefix: "audit-" }, proposed("propose"));
    expect(inputs.bucket).toMatch(/^audit-[0-9a-f]{10}$/);
    const both = await check(token, { bucketPrefix: "audit-", bucket: "audit-1" });
    expect(both.failures).toEqual(["bucketPrefix: contradicts bucket; give one of the two"]);
  });

  it.each([
    ["aws:s3/bucket:Bucket", "bucket", ["ab", "Audit", "a..b", "10.0.0.1", "xn--a", "a".repeat(64)]],
    ["aws:iam/role:Role", "name", ["a b", "a".repeat(65)]],
    ["aws:ecr/repository:Repository", "name", ["Serving", "a//b", "-a"]],
    ["aws:kms/alias:Alias", "name", ["key", "alias/aws/s3"]],
    ["aws:ec2/securityGroup:SecurityGroup", "name", ["sg-1"]],
    ["aws:eks/cluster:Cluster", "name", ["-a", "a".repeat(101)]],
  ])("of %s follow the service's rules", async (token, property, wrong) => {
    for (const name of wrong) {
      const { failures } = await check(token, { ...examples[token], [property]: name });
      expect(failures, name).toEqual([expect.stringMatching(new RegExp(`^${property}: found `))]);
    }
  });
});
