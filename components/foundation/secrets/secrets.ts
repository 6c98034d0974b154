import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../private-cloud/place";
import { layRole } from "../private-cloud/role";
import { grantRoleName } from "../private-cloud/role-names";
import { roleSuffix } from "../grants";
import {
  planRotationRole,
  planSecrets,
  readerPolicy,
  rotationLogGroup,
  rotationName,
  secretPolicy,
  type SecretPlan,
} from "./secrets-plan";

export interface SecretsArgs {
  readonly place: Place;
  /** Keys by what they encrypt. */
  readonly keyArns: {
    /** Of the secrets themselves. */
    readonly secrets: pulumi.Input<string>;
    /** Of the function's logs. */
    readonly logs: pulumi.Input<string>;
  };
  /** Days for which logs are kept, one of those that CloudWatch offers. */
  readonly logRetentionDays: number;
  /** The VPC. */
  readonly vpcId: pulumi.Input<string>;
  /** Network of the endpoints by which the rotation reaches the secret store. */
  readonly vpcCidr: string;
  /** Subnets in which the function runs. */
  readonly subnetIds: pulumi.Input<string>[];
  /** What makes the readers' roles. */
  readonly after: pulumi.Resource[];
}

/** Secrets that no state ever holds: the secret store has their values drawn in the VPC, again and again. */
export class Secrets extends pulumi.ComponentResource {
  public constructor(name: string, args: SecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super("cloister:index:Secrets", name, {}, options);
    const rotation = this.layRotation(name, args);
    for (const plan of planSecrets(args.place)) {
      this.laySecret(`${name}-${plan.suffix}`, plan, args, rotation);
      this.admitReaders(`${name}-${plan.suffix}`, plan, args);
    }
    this.registerOutputs({});
  }

  private layRotation(name: string, args: SecretsArgs): aws.lambda.Function {
    const parent = { parent: this };
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        name: rotationLogGroup(args.place),
        retentionInDays: args.logRetentionDays,
        kmsKeyId: args.keyArns.logs,
      },
      { parent: this, protect: true, retainOnDelete: true },
    );
    const group = new aws.ec2.SecurityGroup(
      `${name}-group`,
      { vpcId: args.vpcId, description: "Rotation of secrets: reaches the secret store and nothing else" },
      parent,
    );
    const way = new aws.vpc.SecurityGroupEgressRule(
      `${name}-https`,
      { securityGroupId: group.id, cidrIpv4: args.vpcCidr, ipProtocol: "tcp", fromPort: 443, toPort: 443 },
      parent,
    );
    const role = layRole(`${name}-role`, planRotationRole(args.place), this);
    const source = readFileSync(join(__dirname, "rotate-secret.cjs"), "utf8");
    return new aws.lambda.Function(
      `${name}-rotation`,
      {
        name: rotationName(args.place),
        description: "Draws new values for the environment's secrets",
        role: role.arn,
        runtime: "nodejs22.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(source) }),
        timeout: 60,
        memorySize: 128,
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
        vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [group.id] },
      },
      { parent: this, dependsOn: [...role.rights, way] },
    );
  }

  private laySecret(prefix: string, plan: SecretPlan, args: SecretsArgs, rotation: aws.lambda.Function): void {
    const secret = new aws.secretsmanager.Secret(
      prefix,
      { name: plan.name, description: plan.purpose, kmsKeyId: args.keyArns.secrets, recoveryWindowInDays: 30 },
      { parent: this, protect: true, retainOnDelete: true },
    );
    const policy = new aws.secretsmanager.SecretPolicy(
      `${prefix}-policy`,
      { secretArn: secret.arn, policy: secretPolicy(args.place, plan), blockPublicPolicy: true },
      { parent: this, retainOnDelete: true },
    );
    const permission = new aws.lambda.Permission(
      `${prefix}-rotates`,
      {
        action: "lambda:InvokeFunction",
        function: rotation.name,
        principal: "secretsmanager.amazonaws.com",
        sourceAccount: args.place.account,
        sourceArn: secret.arn,
      },
      { parent: this },
    );
    new aws.secretsmanager.SecretRotation(
      `${prefix}-rotation`,
      {
        secretId: secret.id,
        rotationLambdaArn: rotation.arn,
        rotateImmediately: true,
        rotationRules: { automaticallyAfterDays: plan.rotateAfterDays },
      },
      { parent: this, dependsOn: [permission, policy] },
    );
  }

  private admitReaders(prefix: string, plan: SecretPlan, { place, after }: SecretsArgs): void {
    for (const reader of plan.readers) {
      new aws.iam.RolePolicy(
        `${prefix}-${roleSuffix(reader)}`,
        { role: grantRoleName(place, reader), name: plan.suffix, policy: readerPolicy(place, plan) },
        { parent: this, dependsOn: after },
      );
    }
  }
}
