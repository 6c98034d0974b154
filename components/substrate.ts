import { z } from "zod";
import { authorityNames } from "./certificates";
import { dataClassNames, type DataClassName, type Identity } from "./data-classes";
import { KitError } from "./kit-error";
import { checkRoom, type PlacedPods } from "./system-room";

const verbs = ["read", "write"] as const;
export type Verb = (typeof verbs)[number];

/** What a store with the S3 API can do. A gap is allowed only with a named compensation. */
export const storeCapabilities = [
  "versioning",
  "object-lock",
  "encryption-by-key",
  "access-block",
  "tls-only-policy",
  "lifecycle",
] as const;
export type StoreCapability = (typeof storeCapabilities)[number];

const leaf = z.strictObject({
  /** PEM: the leaf, then the intermediate that issued it. */
  chain: z.string(),
  /** PEM, PKCS #8. A secret of the stack output. */
  privateKey: z.string(),
  /** RFC 3339, UTC. */
  notAfter: z.string(),
});

/**
 * The waist of the kit: what any footprint offers and all that the platform knows of the ground it stands on. It crosses
 * between the two stacks as one stack output, so it is plain data with a version.
 */
export const substrateSchema = z.strictObject({
  apiVersion: z.literal("cloister.dev/substrate/v1"),
  environment: z.string(),
  kubernetes: z.strictObject({
    minor: z.string(),
    /** Context of the operator's own kubeconfig: credentials never enter state. */
    context: z.string(),
    /** Stays the same when the endpoint or its certificate changes, so nothing above is replaced then. */
    clusterIdentifier: z.string(),
  }),
  objectStore: z.strictObject({
    /** Absent on AWS, where the region decides. */
    endpoint: z.string().optional(),
    region: z.string(),
    capabilities: z.array(z.enum(storeCapabilities)),
    /** Days for which what is written to the audit bucket stays under lock. */
    auditRetentionDays: z.number(),
    buckets: z.record(z.enum(dataClassNames as [DataClassName, ...DataClassName[]]), z.string()),
  }),
  keys: z.strictObject({
    manager: z.enum(["aws-kms", "openbao", "hsm"]),
    byDataClass: z.record(z.enum(dataClassNames as [DataClassName, ...DataClassName[]]), z.string()),
  }),
  /** `pull`: how nodes authenticate; pods never hold a pull secret. */
  registry: z.strictObject({ host: z.string(), pull: z.enum(["node-role", "node-certificate"]) }),
  secretStore: z.strictObject({ kind: z.enum(["aws-secrets-manager", "openbao"]), address: z.string() }),
  /** Who signs the service-account tokens that stores trust. */
  identityIssuer: z.strictObject({ url: z.string(), audience: z.string() }),
  /** One row for each grant that the foundation made; nothing else can be asked for. */
  grants: z.array(
    z.strictObject({ identity: z.string(), dataClass: z.string(), verbs: z.array(z.enum(verbs)), role: z.string() }),
  ),
  /** How a pod becomes the role it was granted. */
  podIdentity: z.enum(["eks-pod-identity", "web-identity-token"]),
  gpu: z.strictObject({
    /** `node-image`: the nodes bring the device plugin; `operator`: the platform installs it. */
    software: z.enum(["node-image", "operator"]),
    pools: z.array(
      z.strictObject({
        name: z.string(),
        product: z.string(),
        gpusPerNode: z.number(),
        nodes: z.number(),
      }),
    ),
  }),
  /** The nodes for everything that needs no GPU. */
  systemNodes: z.strictObject({
    nodes: z.array(z.strictObject({ cpus: z.number(), memoryGib: z.number() })),
    /** Where the environment file says it, and what to write there for more room. */
    setting: z.string(),
    grow: z.string(),
  }),
  storageClass: z.strictObject({
    name: z.string(),
    encrypted: z.literal(true),
    /** The driver, where the platform makes the class; absent where the site brings it. */
    provisioner: z.string().optional(),
    /** What the driver is told, such as the key of the volumes. */
    parameters: z.record(z.string(), z.string()).optional(),
  }),
  /** IPv4 CIDRs of what pods must reach outside their zones; DNS is reached by its pods' labels. */
  network: z.strictObject({ objectStore: z.array(z.string()), apiServer: z.array(z.string()) }),
  loadBalancer: z.strictObject({
    /** Absent where the cluster has but one. */
    className: z.string().optional(),
    /** What keeps the address internal: it differs between load balancers. */
    annotations: z.record(z.string(), z.string()),
  }),
  /** Certificates of the hops: whom to trust, and what each application shows. */
  certificates: z.strictObject({
    authorities: z.record(z.enum(authorityNames), z.string()),
    leaves: z.record(z.string(), leaf),
  }),
  database: z.strictObject({ kind: z.enum(["rds", "cloudnative-pg"]) }),
  /** Where the events of the cluster itself come from. */
  auditSource: z.strictObject({ kind: z.enum(["cloudwatch-logs", "api-server-log"]), location: z.string() }),
});

export type SubstrateFacts = z.infer<typeof substrateSchema>;
export type LeafCertificate = z.infer<typeof leaf>;
export type GpuPool = SubstrateFacts["gpu"]["pools"][number];

/** What a pod adds to itself to use a grant. */
export interface Binding {
  readonly role: string;
  readonly annotations: Record<string, string>;
  /** Mount a token for the store; EKS Pod Identity injects its own. */
  readonly tokenAudience?: string;
}

/** The Substrate as the platform sees it. `planned` is true where its foundation is not up yet and a preview looks ahead. */
export class Substrate {
  /** What was placed on the system nodes so far. */
  private readonly placed: PlacedPods[] = [];

  public constructor(
    public readonly facts: SubstrateFacts,
    public readonly planned: boolean,
  ) {}

  /**
   * The way for `identity` to use a data class.
   *
   * @throws KitError when the one list of data classes does not grant it: a platform component cannot widen its rights.
   */
  public grant(identity: Identity, dataClass: DataClassName, wanted: readonly Verb[]): Binding {
    const row = this.facts.grants.find((grant) => grant.identity === identity && grant.dataClass === dataClass);
    const missing = wanted.filter((verb) => !row?.verbs.includes(verb));
    if (row === undefined || missing.length > 0) {
      throw new KitError("A grant is not in the list of data classes", [
        {
          path: `grant(${identity}, ${dataClass})`,
          found: `a wish to ${missing.join(" and ")}`,
          allowed: row === undefined ? "nothing" : row.verbs.join(" and "),
          mend: "name the identity among the readers or writers of the class in components/data-classes.ts, then `up` the foundation",
        },
      ]);
    }
    return this.facts.podIdentity === "eks-pod-identity"
      ? { role: row.role, annotations: {} }
      : {
          role: row.role,
          annotations: { "cloister.dev/store-role": row.role },
          tokenAudience: this.facts.identityIssuer.audience,
        };
  }

  /** Takes room on the system nodes; whether there is enough is known when all is placed. */
  public place(pods: PlacedPods): void {
    this.placed.push(pods);
  }

  /**
   * Whether the system nodes hold all that was placed.
   *
   * @throws KitError where they do not.
   */
  public checkRoom(): void {
    checkRoom(this.facts.systemNodes, this.placed);
  }

  /** The certificate an application shows. Throws where the foundation issued none of that name. */
  public certificate(name: string): LeafCertificate {
    const found = this.facts.certificates.leaves[name];
    if (found === undefined) throw new Error(`the foundation issued no certificate named ${name}`);
    return found;
  }

  /** The pool a model asked for. The environment was checked, so a missing one is a bug. */
  public gpuPool(name: string): GpuPool {
    const found = this.facts.gpu.pools.find((pool) => pool.name === name);
    if (found === undefined) throw new Error(`the foundation has no GPU pool named ${name}`);
    return found;
  }
}
