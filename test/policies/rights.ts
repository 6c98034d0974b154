import { organisationWith } from "./organisation";
import { bucketFamily } from "./buckets";
import { provider, type Fixture } from "./fixture";
import { podsOfCluster, policyOf } from "./policy-documents";

const aws = (token: string, name: string, props: unknown, from?: Record<string, string>): Fixture => ({
  type: token,
  name,
  props,
  provider,
  ...(from === undefined ? {} : { from }),
});

const trust = policyOf({
  Effect: "Allow",
  Principal: { Service: "pods.eks.amazonaws.com" },
  Action: "sts:AssumeRole",
  Condition: podsOfCluster,
});

/** A right to write weights. */
export const writesWeights = {
  Sid: "Objects",
  Effect: "Allow",
  Action: ["s3:PutObject"],
  Resource: "arn:aws:s3:::example-weights/*",
};
/** A right to push what nodes pull. */
export const pushes = {
  Sid: "Push",
  Effect: "Allow",
  Action: ["ecr:PutImage"],
  Resource: "arn:aws:ecr:eu-central-1:111122223333:repository/models",
};
/** What the organisation denies outside the region. */
export const regionDenial = {
  Sid: "DenyOtherRegions",
  Effect: "Deny",
  NotAction: ["iam:*", "sts:*", "s3:ListAllMyBuckets"],
  Resource: "*",
  Condition: { StringNotEquals: { "aws:RequestedRegion": ["eu-central-1"] } },
};

/** Who may do what: roles that write and that promote, a secret with an end, what the organisation denies. */
export const rightsFixtures = (): Fixture[] => [
  aws("aws:iam/role:Role", "weights-role", { assumeRolePolicy: trust }),
  aws("aws:iam/rolePolicy:RolePolicy", "weights-rights", { policy: policyOf(writesWeights) }, { role: "weights-role" }),
  aws("aws:iam/role:Role", "release-role", { assumeRolePolicy: trust }),
  aws("aws:iam/policy:Policy", "release-rights", { policy: policyOf(pushes) }),
  aws(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "release-attachment",
    {},
    { role: "release-role", policyArn: "release-rights" },
  ),
  {
    type: "kubernetes:core/v1:Secret",
    name: "certificate",
    props: {
      metadata: {
        name: "envoy-tls",
        namespace: "gateway",
        annotations: { "cloister.dev/issued-by": "callers,services", "cloister.dev/not-after": "2126-01-01T00:00:00Z" },
      },
      type: "Opaque",
      data: { "door.crt": "", "door.key": "", "clients.pem": "" },
    },
    provider: {},
  },
  aws("aws:secretsmanager/secretVersion:SecretVersion", "secret-version", {}),
  {
    type: "cloister:index:Guardrails",
    name: "guardrails",
    props: { serviceControlPolicies: { regions: policyOf(regionDenial), guardrails: organisationWith() } },
  },
  aws("aws:organizations/policy:Policy", "region-denial", { content: policyOf(regionDenial) }),
];

const elsewhere = { region: "eu-central-1", endpoints: [{ s3: "https://store.example.internal" }] };

/** A locked bucket in a store that is not AWS' own. */
export const elsewhereFixtures = (): Fixture[] =>
  bucketFamily("rack-audit").map((fixture) => ({ ...fixture, provider: elsewhere }));
