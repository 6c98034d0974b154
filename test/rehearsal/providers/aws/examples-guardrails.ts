import type { Properties } from "../../../../rehearsal/providers/provider";

const role = "arn:aws:iam::000000000000:role/example";
const key = "arn:aws:kms:eu-central-1:000000000000:key/00000000-0000-0000-0000-000000000000";
const topic = "arn:aws:sns:eu-central-1:000000000000:alarms";
const secret = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:example-abcdef";
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*"}]}';

/** Inputs of what guards an account that are right, and close to what the kit declares. */
export const guardrailExamples: Readonly<Record<string, Properties>> = {
  "aws:accessanalyzer/analyzer:Analyzer": { analyzerName: "example", type: "ACCOUNT" },
  "aws:backup/plan:Plan": {
    name: "example",
    rules: [
      { ruleName: "daily", targetVaultName: "vault", schedule: "cron(0 1 * * ? *)", lifecycle: { deleteAfter: 30 } },
    ],
  },
  "aws:backup/selection:Selection": {
    name: "example",
    planId: "00000000-0000-0000-0000-000000000000",
    iamRoleArn: role,
    selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "true" }],
  },
  "aws:backup/vault:Vault": { name: "vault", kmsKeyArn: key },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    backupVaultName: "vault",
    changeableForDays: 3,
    minRetentionDays: 14,
    maxRetentionDays: 30,
  },
  "aws:budgets/budget:Budget": {
    name: "example",
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "1000",
    limitUnit: "USD",
    notifications: [
      {
        comparisonOperator: "GREATER_THAN",
        notificationType: "ACTUAL",
        threshold: 80,
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: ["platform@example.com"],
      },
    ],
  },
  "aws:cfg/conformancePack:ConformancePack": { name: "example", templateBody: '{"Resources":{}}' },
  "aws:cfg/deliveryChannel:DeliveryChannel": {
    name: "example",
    s3BucketName: "config-1",
    s3KmsKeyArn: key,
    snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
  },
  "aws:cfg/recorder:Recorder": { name: "example", roleArn: role, recordingGroup: { allSupported: true } },
  "aws:cfg/recorderStatus:RecorderStatus": { name: "example", isEnabled: true },
  "aws:cloudtrail/trail:Trail": {
    name: "example",
    s3BucketName: "audit-1",
    kmsKeyId: key,
    isMultiRegionTrail: true,
    advancedEventSelectors: [
      { name: "Management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
      {
        name: "Objects",
        fieldSelectors: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
        ],
      },
    ],
  },
  "aws:cloudwatch/eventRule:EventRule": { name: "example", eventPattern: '{"source":["aws.kms"]}', state: "ENABLED" },
  "aws:cloudwatch/eventTarget:EventTarget": { rule: "example", targetId: "alarms", arn: topic },
  "aws:ebs/defaultKmsKey:DefaultKmsKey": { keyArn: key },
  "aws:ebs/encryptionByDefault:EncryptionByDefault": { enabled: true },
  "aws:guardduty/detector:Detector": { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" },
  "aws:guardduty/detectorFeature:DetectorFeature": {
    detectorId: "00000000000000000000000000000000",
    name: "RUNTIME_MONITORING",
    status: "ENABLED",
    additionalConfigurations: [{ name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" }],
  },
  "aws:iam/accountPasswordPolicy:AccountPasswordPolicy": { minimumPasswordLength: 14, maxPasswordAge: 90 },
  "aws:lambda/function:Function": {
    name: "rotation",
    role,
    runtime: "nodejs22.x",
    handler: "index.handler",
    code: { assets: {} },
    vpcConfig: { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] },
  },
  "aws:lambda/permission:Permission": {
    action: "lambda:InvokeFunction",
    function: "rotation",
    principal: "secretsmanager.amazonaws.com",
    sourceAccount: "000000000000",
    sourceArn: secret,
  },
  "aws:secretsmanager/secretPolicy:SecretPolicy": { secretArn: secret, policy, blockPublicPolicy: true },
  "aws:secretsmanager/secretRotation:SecretRotation": {
    secretId: secret,
    rotationLambdaArn: "arn:aws:lambda:eu-central-1:000000000000:function:rotation",
    rotationRules: { automaticallyAfterDays: 90 },
  },
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": { accountId: "000000000000", blockPublicAcls: true },
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
    bucket: "config-1",
    role,
    rules: [
      {
        id: "under-lock",
        status: "Enabled",
        filter: {},
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: { bucket: "arn:aws:s3:::audit-1", encryptionConfiguration: { replicaKmsKeyId: key } },
      },
    ],
  },
  "aws:sns/topic:Topic": { name: "alarms", kmsMasterKeyId: key },
  "aws:sns/topicPolicy:TopicPolicy": { arn: topic, policy },
  "aws:sns/topicSubscription:TopicSubscription": { topic, protocol: "email", endpoint: "platform@example.com" },
};
