import { join } from "node:path";
import { mkdirSync } from "node:fs";
import {
  GetObjectLockConfigurationCommand,
  ListBucketsCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startObjectStore } from "../../../../rehearsal/object-store/object-store";
import { Supervisor } from "../../../../rehearsal/processes/supervisor";
import { installProviders } from "../../../../rehearsal/providers/install";
import { type EngineRun, EngineWorkspace } from "../../engine";
import { tools } from "../../tools";

const configured = "https://s3.site.example";

const program = (days: number, cidrBlock: string) => `
  import * as aws from "@pulumi/aws";
  const site = new aws.Provider("site", {
    region: "eu-central-1",
    endpoints: [{ s3: "${configured}" }],
    s3UsePathStyle: true,
    skipCredentialsValidation: true,
  });
  const audit = new aws.s3.Bucket("Audit", { objectLockEnabled: true }, { provider: site });
  new aws.s3.BucketObjectLockConfiguration(
    "audit-lock",
    { bucket: audit.bucket, rule: { defaultRetention: { mode: "COMPLIANCE", days: ${days} } } },
    { provider: site },
  );
  const cloud = new aws.Provider("cloud", { region: "eu-central-1" });
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "${cidrBlock}", tags: { days: "${days}" } }, { provider: cloud });
  const routes = new aws.ec2.RouteTable("routes", { vpcId: vpc.id }, { provider: cloud });
  new aws.ec2.VpcEndpoint(
    "s3",
    { vpcId: vpc.id, serviceName: "com.amazonaws.eu-central-1.s3", routeTableIds: [routes.id] },
    { provider: cloud },
  );
  export const bucket = audit.bucket;
  export const vpcArn = vpc.arn;
  export const account = aws.getCallerIdentityOutput({}, { provider: cloud }).accountId;
`;

const operations = (run: EngineRun) =>
  run.steps
    .filter(
      ({ type, op }) => type.startsWith("aws:") && !["same", "create-replacement", "delete-replaced"].includes(op),
    )
    .map(({ name, op }) => `${name} ${op}`)
    .sort();

describe("aws under the real engine", () => {
  let workspace: EngineWorkspace;
  let supervisor: Supervisor;
  let client: S3Client;

  beforeAll(async () => {
    workspace = await EngineWorkspace.create({
      program: program(30, "10.0.0.0/16"),
      project: { config: { "pulumi:autonaming": { value: { pattern: "kit-${name}-${hex(4)}" } } } },
    });
    await installProviders({ pulumiHome: workspace.pulumiHome, providers: ["aws"] });
    const directory = join(workspace.directory, "store");
    mkdirSync(directory);
    const binary = (await tools("versitygw")).path("versitygw");
    supervisor = await Supervisor.start(directory);
    const store = await startObjectStore({ directory, binary, region: "eu-central-1" }, supervisor);
    const { endpoint: url, region, accessKeyId, secretAccessKey } = store;
    const endpoints = { [configured]: { url, region, accessKeyId, secretAccessKey } };
    workspace.environment.CLOISTER_REHEARSAL_ENDPOINTS = JSON.stringify(endpoints);
    const credentials = { accessKeyId, secretAccessKey };
    client = new S3Client({ endpoint: url, region, forcePathStyle: true, credentials });
  }, 900_000);

  afterAll(async () => {
    client.destroy();
    await supervisor.stop();
    await workspace.remove();
  });

  const buckets = async () => (await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name) ?? [];
  const retention = async (Bucket: string) =>
    (await client.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration?.Rule
      ?.DefaultRetention;

  it("creates, keeps, updates, sees drift, replaces and destroys", async () => {
    const previewed = await workspace.preview();
    expect(previewed.code, previewed.output).toBe(0);
    expect(await buckets()).toEqual([]);

    const made = await workspace.up();
    expect(made.code, made.output).toBe(0);
    expect(operations(made)).toEqual(["Audit create", "audit-lock create", "routes create", "s3 create", "vpc create"]);
    const outputs = await workspace.outputs();
    const bucket = String(outputs.bucket);
    expect(bucket).toMatch(/^kit-audit-[0-9a-f]{4}$/);
    expect(await buckets()).toEqual([bucket]);
    expect(outputs.account).toBe("000000000000");
    expect(await retention(bucket)).toEqual({ Mode: "COMPLIANCE", Days: 30 });

    const again = await workspace.up();
    expect(operations(again)).toEqual([]);
    expect(await workspace.outputs()).toEqual(outputs);

    await workspace.write(program(60, "10.0.0.0/16"));
    expect(operations(await workspace.up())).toEqual(["audit-lock update", "vpc update"]);
    expect(await retention(bucket)).toEqual({ Mode: "COMPLIANCE", Days: 60 });
    expect(await workspace.outputs()).toEqual(outputs);

    const DefaultRetention = { Mode: "GOVERNANCE", Days: 1 } as const;
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } } as const;
    await client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration }));
    const refreshed = await workspace.refresh();
    expect(refreshed.code, refreshed.output).toBe(0);
    expect(operations(await workspace.up())).toEqual(["audit-lock update"]);
    expect(await retention(bucket)).toEqual({ Mode: "COMPLIANCE", Days: 60 });

    await workspace.write(program(60, "10.1.0.0/16"));
    expect(operations(await workspace.up())).toEqual(["routes replace", "s3 replace", "vpc replace"]);
    expect((await workspace.outputs()).vpcArn).not.toBe(outputs.vpcArn);

    await workspace.write(program(60, "10.1.0.0/8"));
    const refused = await workspace.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain('found "10.1.0.0/8": must be an IPv4 network from /16 to /28');

    const destroyed = await workspace.destroy();
    expect(destroyed.code, destroyed.output).toBe(0);
    expect(await buckets()).toEqual([]);
  }, 300_000);

  it("refuses an endpoint that is not part of the rehearsal, in the engine's own display", async () => {
    await workspace.write(program(30, "10.0.0.0/16").replace(configured, "https://s3.amazonaws.com"));
    const refused = await workspace.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("the S3 endpoint https://s3.amazonaws.com is not part of this rehearsal");
    expect((await workspace.destroy()).code).toBe(0);
  }, 120_000);
});
