import { matches, type Subject } from "../../policies/rule";
import { workloadTypes } from "../../policies/reading/workload";
import { DOCUMENT, type Change, type FieldPath } from "./field-path";
import { looseningsOf } from "./loosenings";
import { wideningsOf } from "./widenings";

/** What no plan of the kit has, put into it. */
export interface Addition {
  readonly types: readonly string[];
  readonly path: FieldPath;
  readonly told: string;
  readonly change: Change;
  /** Whom it would harm. Default: everyone of the types. */
  readonly only?: (subject: Subject) => boolean;
}

/** A resource that no plan of the kit has. */
export interface NewResource {
  readonly layer: "foundation" | "platform";
  readonly type: string;
  readonly props: object;
}

const append =
  (element: unknown): Change =>
  (list) => [...((list ?? []) as unknown[]), element];

const pods: readonly string[] = workloadTypes.filter((type) => /Deployment|StatefulSet|DaemonSet|Job$/.test(type));
const pod = ["spec", "template", "spec"] as const;
const container = [...pod, "containers", 0] as const;

const inPod = (path: FieldPath, told: string, change: Change): Addition => ({ types: pods, path, told, change });

const intoPolicy = (types: readonly string[], path: FieldPath, statement: object): Addition => ({
  types,
  path: [...path, DOCUMENT, "Statement"],
  told: "+ a statement that allows everything",
  change: append(statement),
});

const everything = { Sid: "Mutant", Effect: "Allow", Action: "*", Resource: "*" };
const toEveryone = { ...everything, Principal: "*" };

export const additions: readonly Addition[] = [
  {
    types: ["cloister:index:Machines"],
    path: ["auditPolicy", "rules"],
    told: "+ an exemption from the record",
    change: (rules) => [{ level: "None" }, ...((rules ?? []) as unknown[])],
  },
  {
    types: ["tls:index/locallySignedCert:LocallySignedCert"],
    path: ["allowedUses"],
    told: "+ any use at all",
    change: append("any_extended"),
  },
  inPod([...pod, "hostNetwork"], "+ true", () => true),
  inPod([...pod, "hostPID"], "+ true", () => true),
  inPod([...pod, "hostIPC"], "+ true", () => true),
  inPod([...pod, "shareProcessNamespace"], "+ true", () => true),
  inPod([...pod, "volumes"], "+ a path of the host", append({ name: "mutant", hostPath: { path: "/" } })),
  inPod(
    [...pod, "initContainers"],
    "+ an image from elsewhere",
    append({ name: "mutant", image: "docker.io/busybox" }),
  ),
  inPod([...pod, "containers"], "+ a container without a security context", append({ name: "mutant" })),
  inPod([...container, "securityContext", "privileged"], "+ true", () => true),
  inPod([...container, "securityContext", "capabilities", "add"], "+ SYS_ADMIN", () => ["SYS_ADMIN"]),
  inPod([...container, "securityContext", "runAsUser"], "+ 0", () => 0),
  inPod([...container, "securityContext", "procMount"], "+ Unmasked", () => "Unmasked"),
  inPod([...container, "securityContext", "seccompProfile"], "+ Unconfined", () => ({ type: "Unconfined" })),
  inPod([...container, "ports"], "+ a port of the host", append({ containerPort: 22, hostPort: 22 })),
  inPod([...container, "env"], "+ a key in clear", append({ name: "AWS_SECRET_ACCESS_KEY", value: "mutant/mutant" })),
  {
    ...inPod([...container, "args"], "+ --trust-remote-code", append("--trust-remote-code")),
    only: ({ props }) => (props as { metadata?: { namespace?: string } }).metadata?.namespace === "serving",
  },
  {
    types: ["kubernetes:networking.k8s.io/v1:NetworkPolicy"],
    path: ["spec", "ingress"],
    told: "+ everyone",
    change: append({}),
  },
  {
    types: ["kubernetes:networking.k8s.io/v1:NetworkPolicy"],
    path: ["spec", "egress"],
    told: "+ the internet",
    change: append({ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }),
  },
  {
    types: ["kubernetes:core/v1:Service"],
    path: ["spec", "externalIPs"],
    told: "+ an address",
    change: () => ["198.51.100.7"],
  },
  {
    types: ["kubernetes:rbac.authorization.k8s.io/v1:Role", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"],
    path: ["rules"],
    told: "+ everything",
    change: append({ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }),
  },
  {
    types: ["kubernetes:core/v1:ServiceAccount"],
    path: ["automountServiceAccountToken"],
    told: "→ true",
    change: () => true,
  },
  intoPolicy(["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"], ["policy"], everything),
  intoPolicy(
    [
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:kms/key:Key",
      "aws:ecr/repositoryPolicy:RepositoryPolicy",
      "aws:secretsmanager/secretPolicy:SecretPolicy",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
    ],
    ["policy"],
    toEveryone,
  ),
  intoPolicy(["aws:iam/role:Role"], ["assumeRolePolicy"], {
    Sid: "Mutant",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: "sts:AssumeRole",
  }),
  {
    types: ["aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
    path: ["ingress"],
    told: "+ everyone",
    change: append({ cidrBlocks: ["0.0.0.0/0"], fromPort: 0, toPort: 0, protocol: "-1" }),
  },
  {
    types: ["aws:ec2/routeTable:RouteTable"],
    path: ["routes"],
    told: "+ a way to the internet",
    change: append({ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0" }),
  },
];

const kubernetes = (type: string, props: object): NewResource => ({
  layer: "platform",
  type: `kubernetes:${type}`,
  props: { metadata: { name: "mutant", namespace: "serving" }, ...props },
});
const cloud = (type: string, props: object): NewResource => ({ layer: "foundation", type: `aws:${type}`, props });

export const newResources: readonly NewResource[] = [
  kubernetes("core/v1:Namespace", { metadata: { name: "mutant" } }),
  kubernetes("core/v1:Pod", { spec: { containers: [{ name: "mutant", image: "docker.io/busybox" }] } }),
  kubernetes("core/v1:Service", { spec: { type: "ExternalName", externalName: "example.org" } }),
  kubernetes("core/v1:Service", { spec: { type: "LoadBalancer", ports: [{ port: 80 }] } }),
  kubernetes("networking.k8s.io/v1:Ingress", { spec: { rules: [] } }),
  kubernetes("networking.k8s.io/v1:NetworkPolicy", { spec: { podSelector: {}, ingress: [{}], egress: [{}] } }),
  kubernetes("rbac.authorization.k8s.io/v1:ClusterRoleBinding", {
    roleRef: { kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "Group", name: "system:authenticated" }],
  }),
  kubernetes("rbac.authorization.k8s.io/v1:ClusterRole", {
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  }),
  kubernetes("rbac.authorization.k8s.io/v1:Role", {
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }],
  }),
  kubernetes("helm.sh/v3:Release", { chart: "mutant" }),
  cloud("iam/user:User", { name: "mutant" }),
  cloud("iam/accessKey:AccessKey", { user: "mutant" }),
  cloud("ec2/internetGateway:InternetGateway", {}),
  cloud("ec2/natGateway:NatGateway", {}),
  cloud("ec2/route:Route", { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-0" }),
  cloud("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }),
  cloud("lb/loadBalancer:LoadBalancer", { internal: false }),
  cloud("s3/bucket:Bucket", { bucket: "mutant" }),
  cloud("kms/key:Key", { description: "mutant" }),
  cloud("ebs/volume:Volume", { size: 10 }),
  cloud("ecrpublic/repository:Repository", { repositoryName: "mutant" }),
];

/** What may be added to a resource. */
export const additionsTo = (subject: Subject): Addition[] => [
  ...additions.filter(({ types, only }) => matches(types, subject.type) && (only?.(subject) ?? true)),
  ...wideningsOf(subject),
  ...looseningsOf(subject),
];
