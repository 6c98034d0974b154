import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMoto } from "../../../../rehearsal/moto/moto";
import { Supervisor } from "../../../../rehearsal/processes/supervisor";
import { Api } from "../../../../rehearsal/providers/aws/requests/api";
import { askedRequests } from "../../../../rehearsal/providers/aws/requests/table";
import { createAwsTable } from "../../../../rehearsal/providers/aws/table";
import { installProviders } from "../../../../rehearsal/providers/install";
import type { Properties, ProviderTable } from "../../../../rehearsal/providers/provider";
import { EngineWorkspace } from "../../engine";
import { tools } from "../../tools";
import { callContext } from "../context";
import { layWorld, trust } from "./moto-world";

const scope = { region: "eu-central-1", account: "111122223333" };
const configuration = {
  region: scope.region,
  allowedAccountIds: '["111122223333"]',
  defaultTags: '{"tags":{"owner":"platform"}}',
};

let directory: string;
let supervisor: Supervisor;
let url: string;
let api: Api;
let table: ProviderTable;

async function start(): Promise<void> {
  supervisor = await Supervisor.start(directory);
  const python = (await tools("moto")).path("moto-python");
  const moto = await startMoto({ directory, python }, supervisor);
  url = moto?.url ?? "";
  api = new Api(url);
  table = createAwsTable({}, api);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "cloister-moto-"));
  await start();
}, 900_000);

afterAll(async () => {
  await supervisor.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** One resource as the lifecycle server would drive it; `of` is the provider's process. */
function resource(token: string, name = "subject", of = table) {
  const kind = of.kind(token);
  if (!kind) throw new Error(`no kind ${token}`);
  const urn = `urn:pulumi:test::cloister::${token}::${name}`;
  const context = { ...callContext(token, { configuration }), urn };
  const checked = async (inputs: Properties, olds?: Properties) =>
    (await kind.check?.(inputs, { ...context, olds }))?.inputs ?? inputs;
  return {
    checked,
    fidelity: typeof kind.fidelity === "function" ? kind.fidelity(context) : kind.fidelity,
    create: async (inputs: Properties) => kind.create(await checked(inputs), context),
    read: async (id: string, state: Properties, inputs: Properties) =>
      kind.read?.(id, state, { ...context, inputs: await checked(inputs) }),
    update: async (id: string, olds: Properties, news: Properties) =>
      kind.update?.(id, olds, await checked(news), context),
    remove: async (id: string, state: Properties) => kind.delete?.(id, state, context),
  };
}

/** They belong to the account, or to what stands longer than they do. */
const outlive = [
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
];

describe("what is sent to moto", () => {
  it("is found as it was declared, survives an update and a new start, and is gone once deleted", async () => {
    const laid: { token: string; name: string; id: string; state: Properties; inputs: Properties }[] = [];
    await layWorld(async (token, inputs, name = "subject") => {
      const subject = resource(token, name);
      const { id, state } = await subject.create(inputs);
      laid.push({ token, name, id, state, inputs });
      return { id, arn: typeof state.arn === "string" ? state.arn : "" };
    });
    const sent = laid.filter(({ token }) => resource(token).fidelity === "moto");
    expect(new Set(sent.map(({ token }) => token)).size).toBeGreaterThanOrEqual(30);
    expect(sent.map(({ token }) => token)).toEqual(expect.arrayContaining(Object.keys(askedRequests)));
    const seen = async () => {
      for (const { token, name, id, state, inputs } of sent) {
        const subject = resource(token, name);
        const found = await subject.read(id, state, inputs);
        expect(found?.inputs, token).toEqual(await subject.checked(inputs));
        expect(found?.state, token).toEqual(state);
      }
    };
    await seen();
    for (const { token, name, id, state, inputs } of sent) {
      expect((await resource(token, name).update(id, state, inputs))?.state, token).toEqual(state);
    }
    await supervisor.stop();
    await start();
    await seen();
    for (const { token, name, id, state, inputs } of [...sent].reverse()) {
      const subject = resource(token, name);
      await subject.remove(id, state);
      const left = outlive.includes(token);
      if (!left) expect(await subject.read(id, state, inputs), token).toBeUndefined();
    }
  }, 240_000);

  it("is made once where a run was stopped before it knew, and again where the engine replaces it", async () => {
    const token = "aws:ec2/vpc:Vpc";
    const inputs = { cidrBlock: "10.1.0.0/16" };
    const first = await resource(token, "claimed").create(inputs);
    const another = createAwsTable({}, api);
    expect((await resource(token, "claimed", another).create(inputs)).id).toBe(first.id);
    const replacing = resource(token, "claimed", another);
    await replacing.checked(inputs, await replacing.checked(inputs));
    const second = await replacing.create(inputs);
    expect(second.id).not.toBe(first.id);
    await replacing.remove(first.id, first.state);
    await replacing.remove(second.id, second.state);
    const third = await resource(token, "claimed", createAwsTable({}, api)).create(inputs);
    expect([first.id, second.id]).not.toContain(third.id);
  });

  it.each([
    [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "wrong", policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolice" },
      "iam AttachRolePolicy: refused with NoSuchEntity: Policy arn:aws:iam::aws:policy/AmazonEKSClusterPolice does not exist",
    ],
    [
      "aws:ec2/subnet:Subnet",
      { vpcId: "vpc-0123456789abcdef0", cidrBlock: "10.0.0.0/24" },
      "ec2 CreateSubnet: refused with InvalidVpcID.NotFound",
    ],
    [
      "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      { repository: "serving/vllm", policy: "{}" },
      "ecr PutLifecyclePolicy: AWS's own model of the request refuses it: Invalid length for parameter lifecyclePolicyText",
    ],
  ])("is refused where the SDK's types accept it: %s", async (token, inputs, reason) => {
    await resource("aws:iam/role:Role")
      .create({ name: "wrong", assumeRolePolicy: trust })
      .catch(() => undefined);
    await expect(resource(token, "wrong").create(inputs)).rejects.toThrow(reason);
  });

  it("is judged by the model alone where moto does not have it", async () => {
    const subject = resource("aws:eks/addon:Addon");
    expect(subject.fidelity).toBe("model");
    await expect(subject.create({ clusterName: "", addonName: "vpc-cni" })).rejects.toThrow(
      "eks CreateAddon: AWS's own model of the request refuses it: Invalid length for parameter clusterName",
    );
    expect(resource("aws:guardduty/detectorFeature:DetectorFeature").fidelity).toBe("computed");
  });

  it("never leaves this machine", () => {
    expect(() => new Api("https://ec2.eu-central-1.amazonaws.com")).toThrow("a rehearsal stays on loopback");
  });
});

describe("drift, under the real engine", () => {
  const program = `
    import * as aws from "@pulumi/aws";
    const provider = new aws.Provider("cloud", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
    const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.9.0.0/16" }, { provider });
    const group = new aws.ec2.SecurityGroup("group", { vpcId: vpc.id, description: "drifts" }, { provider });
    const rule = new aws.vpc.SecurityGroupIngressRule(
      "rule",
      { securityGroupId: group.id, cidrIpv4: "10.9.0.0/16", ipProtocol: "tcp", fromPort: 443, toPort: 443 },
      { provider },
    );
    const bucket = new aws.s3.Bucket("bucket", { bucket: "cloister-drift" }, { provider });
    new aws.s3.BucketPolicy(
      "policy",
      {
        bucket: bucket.bucket,
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::cloister-drift/*" }],
        }),
      },
      { provider },
    );
    export const groupId = group.id;
    export const ruleId = rule.id;
  `;

  it("is seen and mended, and nothing is left after a destroy", async () => {
    const workspace = await EngineWorkspace.create({ program, environment: { CLOISTER_REHEARSAL_MOTO: url } });
    try {
      await installProviders({ pulumiHome: workspace.pulumiHome, providers: ["aws"] });
      const made = await workspace.up();
      expect(made.code, made.output).toBe(0);
      const { groupId, ruleId } = await workspace.outputs();
      const rules = { GroupId: groupId, SecurityGroupRuleIds: [ruleId] };
      await api.request(scope, "ec2", "RevokeSecurityGroupIngress", rules);
      await api.request(scope, "s3", "DeleteBucketPolicy", { Bucket: "cloister-drift" });
      const mended = await workspace.up("--refresh");
      expect(mended.code, mended.output).toBe(0);
      const did = mended.steps.filter(({ op }) => op === "create").map(({ name }) => name);
      expect(did.sort()).toEqual(["policy", "rule"]);
      const { answer } = await api.request(scope, "ec2", "DescribeSecurityGroups", { GroupIds: [groupId] });
      expect(JSON.stringify(answer)).toContain('"CidrIp":"10.9.0.0/16"');
      const destroyed = await workspace.destroy();
      expect(destroyed.code, destroyed.output).toBe(0);
      const gone = api.request(scope, "ec2", "DescribeSecurityGroups", { GroupIds: [groupId] });
      await expect(gone).rejects.toThrow("InvalidGroup.NotFound");
      const buckets = await api.request(scope, "s3", "ListBuckets", {});
      expect(JSON.stringify(buckets.answer)).not.toContain("cloister-drift");
    } finally {
      await workspace.remove();
    }
  }, 240_000);
});
