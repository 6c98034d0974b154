import type { EngineResource } from "../../scripts/export/engine-resource";

const urn = (type: string, name: string) => `urn:pulumi:broken::cloister::${type}::${name}`;

const made = (type: string, name: string, inputs: EngineResource["inputs"]): EngineResource => ({
  urn: urn(type, name),
  type,
  inputs,
  outputs: {},
});

/** The name of everything that is broken on purpose: what a judge says of it is expected, and missed where it is silent. */
export const broken = "broken-on-purpose";

const labels = { "app.kubernetes.io/name": broken, "cloister.dev/zone": "gateway" };

/** Documentation's own addresses: nobody's, and in no flow. */
export const strangers = "192.0.2.0/24";

/** A pod that asks for the whole node, and a policy that opens it to strangers. */
const kubernetesTwins: readonly EngineResource[] = [
  made("kubernetes:apps/v1:Deployment", broken, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: broken, namespace: "gateway", labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          containers: [{ name: broken, image: "broken:latest", securityContext: { privileged: true } }],
        },
      },
    },
  }),
  made("kubernetes:networking.k8s.io/v1:NetworkPolicy", `${broken}-door`, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: broken, namespace: "gateway" },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: strangers } }] }],
    },
  }),
];

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** Rights to everything, a role for anybody, a bucket for the internet, and an action that there is not. */
const policyTwins: readonly EngineResource[] = [
  made("aws:iam/rolePolicy:RolePolicy", `${broken}-rights`, {
    policy: document({ Effect: "Allow", Action: ["iam:*", "s3:GetObject"], Resource: "*" }),
  }),
  made("aws:iam/role:Role", `${broken}-role`, {
    assumeRolePolicy: document({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
  }),
  made("aws:s3/bucketPolicy:BucketPolicy", `${broken}-bucket`, {
    policy: document({
      Effect: "Allow",
      Principal: "*",
      Action: ["s3:GetObject", "s3:GiveAway"],
      Resource: "arn:aws:s3:::broken/*",
    }),
  }),
];

/** All of an environment, and broken twins beside it: they go the way that the real ones go, from the plan to the judge. */
export const withBrokenTwins = (resources: readonly EngineResource[]): EngineResource[] => [
  ...resources,
  ...kubernetesTwins,
  ...policyTwins,
];
