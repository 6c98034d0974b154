import { arnOf, exactlyOne, text } from "../definition";
import type { Definitions } from "../definition";
import { arn, between, identifier, matching, oneOf, policy } from "../rules";

const functionName = matching(/^[\w-]{1,64}$/, "1 to 64 letters, digits, _ or -");

/** Stand-ins for secrets that rotate: their policy, their schedule and the function that draws new values, which never runs. */
export const rotationKinds: Definitions = {
  "aws:lambda/function:Function": {
    name: { property: "name", rule: functionName },
    defaults: { memorySize: 128, packageType: "Zip", publish: false, timeout: 3 },
    replaceOn: ["name", "packageType"],
    rules: {
      role: arn("iam"),
      runtime: matching(
        /^(nodejs(20|22|24)\.x|python3\.(9|1[0-4])|java(8\.al2|11|17|21|25)|dotnet(8|10)|ruby3\.[2-4]|provided\.al2(023)?)$/,
        "a runtime that Lambda still offers, such as nodejs22.x",
      ),
      "architectures[*]": oneOf("x86_64", "arm64"),
      handler: matching(/^\S{1,128}$/, "1 to 128 characters without spaces"),
      timeout: between(1, 900, "seconds"),
      memorySize: between(128, 10240, "MiB"),
      kmsKeyArn: arn("kms"),
      "loggingConfig.logFormat": oneOf("JSON", "Text"),
      "vpcConfig.subnetIds[*]": identifier("subnet"),
      "vpcConfig.securityGroupIds[*]": identifier("sg"),
    },
    alsoCheck: (inputs) => exactlyOne(inputs, "code", "imageUri", "s3Bucket"),
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => {
      const own = arnOf(resource, "lambda", `function:${resource.id}`);
      const invoked = `arn:${resource.scope.partition}:apigateway:${resource.scope.region}:lambda:path/2015-03-31/functions`;
      return {
        arn: own,
        qualifiedArn: `${own}:$LATEST`,
        invokeArn: `${invoked}/${own}/invocations`,
        version: "$LATEST",
      };
    },
  },
  "aws:lambda/permission:Permission": {
    replaceOn: ["action", "function", "principal", "sourceAccount", "sourceArn", "statementId"],
    rules: {
      action: matching(/^lambda:[A-Za-z*]+$/, "an action such as lambda:InvokeFunction"),
      sourceAccount: matching(/^\d{12}$/, "an account of 12 digits"),
      sourceArn: arn(),
    },
    id: ({ inputs, digits }) => text(inputs, "statementId") || `rehearsal-${digits(26)}`,
    outputs: ({ id }) => ({ statementId: id }),
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    replaceOn: ["secretArn"],
    rules: { secretArn: arn("secretsmanager"), policy },
    id: ({ inputs }) => text(inputs, "secretArn"),
  },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    defaults: { rotateImmediately: true },
    replaceOn: ["secretId"],
    rules: {
      rotationLambdaArn: arn("lambda"),
      "rotationRules.automaticallyAfterDays": between(1, 1000, "days"),
      "rotationRules.scheduleExpression": matching(/^(cron|rate)\(.+\)$/, "a cron(…) or rate(…) expression"),
    },
    alsoCheck: (inputs) => (inputs.rotationRules === undefined ? exactlyOne({}, "rotationRules") : []),
    id: ({ inputs }) => text(inputs, "secretId"),
    outputs: () => ({ rotationEnabled: true }),
  },
};
