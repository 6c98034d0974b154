import { key, provider, type Fixture } from "./fixture";
import { collectorsSecret, policyOf, role, withoutSecondFactor } from "./policy-documents";

const topic = "arn:aws:sns:eu-central-1:111122223333:alarms";
/** Statements of the policy of the topic that alarms are raised on. */
export const topicStatements = {
  publish: {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topic,
    Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
  },
  plaintext: {
    Effect: "Deny",
    Principal: "*",
    Action: "sns:Publish",
    Resource: topic,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
};

/** What an account decides for all that is in it, and what hangs on its services. */
export function accountWide(): Fixture[] {
  const aws = (type: string, name: string, props: unknown): Fixture => ({ type, name, props, provider });
  return [
    aws("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "account-block", {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    }),
    aws("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "ownership", {
      rule: { objectOwnership: "BucketOwnerEnforced" },
    }),
    aws("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "passwords", {
      minimumPasswordLength: 14,
      passwordReusePrevention: 24,
      maxPasswordAge: 90,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      allowUsersToChangePassword: true,
    }),
    { ...aws("aws:backup/vault:Vault", "backup-vault", { kmsKeyArn: key, forceDestroy: false }), protect: true },
    aws("aws:ebs/encryptionByDefault:EncryptionByDefault", "volumes-default", { enabled: true }),
    aws("aws:ebs/defaultKmsKey:DefaultKmsKey", "volumes-key", { keyArn: key }),
    aws("aws:sns/topic:Topic", "alarms", { kmsMasterKeyId: key }),
    aws("aws:sns/topicPolicy:TopicPolicy", "alarms-policy", {
      policy: policyOf(topicStatements.publish, topicStatements.plaintext),
    }),
    aws("aws:secretsmanager/secretPolicy:SecretPolicy", "secret-policy", {
      blockPublicPolicy: true,
      policy: policyOf(collectorsSecret),
    }),
    aws("aws:lambda/permission:Permission", "rotation-caller", {
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:pseudonyms",
      sourceAccount: "111122223333",
    }),
    aws("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "scanning", {
      scanType: "ENHANCED",
      rules: [{ scanFrequency: "CONTINUOUS_SCAN", repositoryFilters: [{ filter: "test/*", filterType: "WILDCARD" }] }],
    }),
    aws("aws:eks/accessEntry:AccessEntry", "entry", {
      principalArn: role("operators"),
      kubernetesGroups: ["example:operators"],
      type: "STANDARD",
    }),
    aws("aws:guardduty/detectorFeature:DetectorFeature", "detector-feature", { status: "ENABLED" }),
    aws("aws:cfg/recorder:Recorder", "recorder", {
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    }),
    aws("aws:cfg/recorderStatus:RecorderStatus", "recording", { isEnabled: true }),
    aws("aws:cfg/deliveryChannel:DeliveryChannel", "delivery", { s3BucketName: "config", s3KmsKeyArn: key }),
    aws("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "record-copies", {
      bucket: "config",
      rules: [
        {
          status: "Enabled",
          destination: { bucket: "arn:aws:s3:::vault", encryptionConfiguration: { replicaKmsKeyId: key } },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        },
      ],
    }),
    aws("aws:accessanalyzer/analyzer:Analyzer", "analyzer", { type: "ACCOUNT" }),
    aws("aws:cloudwatch/eventTarget:EventTarget", "alarm-target", { arn: topic }),
    aws("aws:sns/topicSubscription:TopicSubscription", "alarm-mail", {
      protocol: "email",
      endpoint: "oncall@example.com",
    }),
    aws("aws:iam/policy:Policy", "second-factor", {
      policy: policyOf(withoutSecondFactor),
    }),
    {
      type: "tls:index/privateKey:PrivateKey",
      name: "leaf-key",
      props: { algorithm: "ECDSA", ecdsaCurve: "P256" },
      provider: {},
    },
    {
      type: "tls:index/certRequest:CertRequest",
      name: "leaf-request",
      props: {},
      from: { privateKeyPem: "leaf-key" },
      provider: {},
    },
    {
      type: "tls:index/locallySignedCert:LocallySignedCert",
      name: "leaf",
      props: { validityPeriodHours: 2160, earlyRenewalHours: 720, allowedUses: ["digital_signature", "server_auth"] },
      provider: {},
    },
    {
      type: "tls:index/privateKey:PrivateKey",
      name: "authority-key",
      props: { algorithm: "ECDSA", ecdsaCurve: "P256" },
      protect: true,
      provider: {},
    },
    {
      type: "tls:index/privateKey:PrivateKey",
      name: "lone-key",
      props: { algorithm: "RSA", rsaBits: 4096 },
      protect: true,
      provider: {},
    },
    {
      type: "tls:index/certRequest:CertRequest",
      name: "authority-request",
      props: {},
      from: { privateKeyPem: "authority-key" },
      provider: {},
    },
    {
      type: "tls:index/locallySignedCert:LocallySignedCert",
      name: "authority",
      props: {
        isCaCertificate: true,
        maxPathLength: 0,
        validityPeriodHours: 43800,
        earlyRenewalHours: 720,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      },
      from: { certRequestPem: "authority-request" },
      protect: true,
      provider: {},
    },
  ];
}
