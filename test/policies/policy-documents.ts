/** A policy of one statement or more, as JSON. */
export const policyOf = (...statements: object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** ARN of a role of the account. */
export const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** Statements of a bucket's policy, each for one thing it denies. */
export const denialsOf = (bucket: string) => {
  const objects = `arn:aws:s3:::${bucket}/*`;
  const everyone = { Effect: "Deny", Principal: "*", Resource: [`arn:aws:s3:::${bucket}`, objects] };
  const upload = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: objects };
  const header = "s3:x-amz-server-side-encryption";
  return {
    plaintext: { ...everyone, Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    oldTls: { ...everyone, Action: "s3:*", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    otherEncryption: {
      ...upload,
      Condition: { Null: { [header]: "false" }, StringNotEquals: { [header]: "aws:kms" } },
    },
    defaultKey: {
      ...upload,
      Condition: { Null: { [`${header}-aws-kms-key-id`]: "true" }, StringEquals: { [header]: "aws:kms" } },
    },
    chosenKey: {
      ...upload,
      Condition: {
        Null: { [`${header}-aws-kms-key-id`]: "false" },
        Bool: { "aws:PrincipalIsAWSService": "false" },
        ArnNotEquals: { "aws:PrincipalArn": role("copier") },
      },
    },
    callersKey: { ...upload, Condition: { Null: { [`${header}-customer-algorithm`]: "false" } } },
    unlock: {
      ...everyone,
      Action: [
        "s3:BypassGovernanceRetention",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:DeleteObjectVersion",
      ],
    },
  };
};
export const denials = denialsOf("vault");

const trailService = {
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Condition: { StringEquals: { "aws:SourceArn": "arn:aws:cloudtrail:eu-central-1:111122223333:trail/test" } },
};
/** What the trail may in its bucket. */
export const deliveriesOf = (bucket: string) => ({
  trailLooks: { ...trailService, Action: "s3:GetBucketAcl", Resource: `arn:aws:s3:::${bucket}` },
  trailWrites: { ...trailService, Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/*` },
});

const everybody = { Effect: "Deny", Principal: "*" };
const except = (...names: string[]) => ({ Condition: { ArnNotEquals: { "aws:PrincipalArn": names.map(role) } } });
/** Statements of a repository's policy. */
export const repositoryStatements = {
  nodes: { Effect: "Allow", Principal: { AWS: role("nodes") }, Action: ["ecr:BatchGetImage"] },
  pull: {
    ...everybody,
    Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    ...except("nodes", "mirror"),
  },
  push: {
    ...everybody,
    Action: ["ecr:PutImage", "ecr:*LayerUpload", "ecr:UploadLayerPart"],
    ...except("mirror"),
  },
  erasure: { ...everybody, Action: ["ecr:BatchDeleteImage", "ecr:DeleteRepository"] },
};

/** Refuses everything to who signed in without a second factor. */
export const withoutSecondFactor = {
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
};
/** Lets nobody but the collector read or write a secret. */
export const collectorsSecret = {
  Effect: "Deny",
  Principal: "*",
  Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
  Resource: "*",
  Condition: { ArnNotEquals: { "aws:PrincipalArn": role("collector") } },
};

/** Statements of a key's policy. */
export const keyStatements = {
  administration: { Effect: "Allow", Principal: { AWS: role("keys") }, Action: ["kms:PutKeyPolicy"], Resource: "*" },
  use: { Effect: "Allow", Principal: { AWS: role("door") }, Action: ["kms:Decrypt"], Resource: "*" },
};

/** How a role is bound to one service account of the account's own cluster. */
export const podsOfCluster = {
  StringEquals: {
    "aws:SourceAccount": "111122223333",
    "aws:RequestTag/kubernetes-namespace": "models",
    "aws:RequestTag/kubernetes-service-account": "mlflow",
  },
  ArnEquals: { "aws:SourceArn": "arn:aws:eks:eu-central-1:111122223333:cluster/test" },
};
