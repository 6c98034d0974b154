import { watches } from "./reading/incidents";
import type { State, Verdict } from "./rule";
import type { Settings } from "./settings";

export type Footprint = "private-cloud" | "colocation" | "on-prem";
type Layer = "foundation" | "platform";

/** How many resources of one stack a rule must have judged. Silence of a rule that has something to look at is no pass. */
export interface Expectation {
  readonly layer: Layer;
  /** Default: all three. */
  readonly footprints?: readonly Footprint[];
  readonly rule: string;
  /** Type of the resources meant, where the rule judges others too. Default: all that it judges. */
  readonly type?: string;
  /** A number, or the type of which there must be no more. */
  readonly least: number | string;
  /** They must not have failed either: of rules that only advise, where an account without the thing would be blind. */
  readonly sound?: boolean;
  /** What the rule looks at, as a person names it. */
  readonly of: string;
}

const cloud: readonly Footprint[] = ["private-cloud"];

/** One bucket for each class of data: see `reading/object-store.ts`. */
const buckets = 9;
/** A gateway, models behind it, their registry, the record and its watch. */
const zones = 5;

const inFoundation = (
  rule: string,
  least: Expectation["least"],
  of: string,
  footprints?: readonly Footprint[],
): Expectation => ({
  layer: "foundation",
  rule,
  least,
  of,
  ...(footprints ? { footprints } : {}),
});
/** One of a kind that every account of the cloud has, whatever else the rule looks at. */
const inAccount = (rule: string, type: string, of: string, least: Expectation["least"] = 1): Expectation => ({
  ...inFoundation(rule, least, of, cloud),
  type,
});
/** One of a kind that every account has, in working order: the rule itself only advises. */
const soundInAccount = (rule: string, type: string, of: string, least: Expectation["least"] = 1): Expectation => ({
  ...inAccount(rule, type, of, least),
  sound: true,
});
/** All of a kind, of which the file says how many there are. */
const everyInAccount = (rule: string, type: string, of: string): Expectation => soundInAccount(rule, type, of, type);
const inPlatform = (rule: string, least: number, of: string): Expectation => ({ layer: "platform", rule, least, of });

/**
 * What no stack of an environment can be without, whatever its file says. Only what is always there is listed: the rules for
 * the rest say that they do not apply, and to how many resources.
 */
export const expectations: readonly Expectation[] = [
  inFoundation("IMM-01", 1, "a bucket for the audit record"),
  inFoundation("IMM-03", buckets, "a bucket for each class of data"),
  inFoundation("IMM-05", 2, "the audit record and the weights"),
  inFoundation("RES-01", buckets, "resources with a region"),
  inFoundation("RES-04", buckets, "a bucket for each class of data"),
  inFoundation("ENC-01", buckets, "a bucket for each class of data", cloud),
  inFoundation("ENC-02", buckets, "a bucket for each class of data", cloud),
  inFoundation("ENC-03", 1, "a cluster", cloud),
  inFoundation("ENC-06", 1, "keys", cloud),
  inFoundation("IMM-06", 1, "policies of locked buckets", cloud),
  inFoundation("NET-03", 1, "a cluster", cloud),
  inFoundation("NET-05", 1, "subnets and routes", cloud),
  inFoundation("NET-06", 1, "security groups", cloud),
  inFoundation("NET-08", buckets, "a bucket for each class of data", cloud),
  inFoundation("IAM-03", 1, "roles", cloud),
  inFoundation("AI-01", 1, "a bucket for weights", cloud),
  inFoundation("AUD-01", 1, "a trail", cloud),
  inFoundation("AUD-03", 1, "a cluster", cloud),
  inFoundation("AUD-04", 1, "a network with a flow log", cloud),
  inAccount("ENC-04", "aws:ebs/encryptionByDefault:EncryptionByDefault", "encryption of volumes by default"),
  inAccount("ENC-04", "aws:ebs/defaultKmsKey:DefaultKmsKey", "a key for volumes that name none"),
  inAccount("ENC-05", "aws:secretsmanager/secretRotation:SecretRotation", "a secret that is drawn anew"),
  inAccount("IAM-02", "aws:secretsmanager/secretPolicy:SecretPolicy", "a policy of who reads the secret"),
  inAccount("IAM-02", "aws:sns/topicPolicy:TopicPolicy", "a policy of who raises alarms"),
  inAccount("IAM-05", "aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "a policy of passwords"),
  inAccount("NET-06", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "the default group, emptied"),
  inAccount("NET-06", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "the default access list, emptied"),
  inAccount("NET-06", "aws:ec2/networkAcl:NetworkAcl", "an access list for each tier of subnets", 4),
  inAccount("NET-08", "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "a block of public access"),
  inAccount("AUD-05", "aws:cloudwatch/logGroup:LogGroup", "logs of flows, of the control plane and of secrets", 3),
  inAccount("AVL-04", "aws:backup/vault:Vault", "a vault of backups"),
  inAccount("IAM-05", "aws:iam/policy:Policy", "a policy that refuses who signed in without a second factor"),
  inAccount("SUP-05", "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "a scanner of images"),
  inAccount(
    "SUP-05",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "a policy for each repository",
    "aws:ecr/repository:Repository",
  ),
  soundInAccount("AUD-08", "cloister:index:Guardrails", "denials of what blinds the record, for the organisation"),
  soundInAccount("AUD-08", "aws:sns/topicPolicy:TopicPolicy", "somebody who may raise the alarm"),
  soundInAccount("AUD-08", "aws:guardduty/detector:Detector", "a detector that is on"),
  soundInAccount("AUD-08", "aws:guardduty/detectorFeature:DetectorFeature", "parts of the detector that are on", 5),
  soundInAccount("AUD-08", "aws:accessanalyzer/analyzer:Analyzer", "an analyzer of access from outside"),
  soundInAccount("AUD-08", "aws:cfg/recorder:Recorder", "a recorder of changes to everything"),
  soundInAccount("AUD-08", "aws:cfg/recorderStatus:RecorderStatus", "a recorder that runs"),
  soundInAccount("AUD-08", "aws:cfg/deliveryChannel:DeliveryChannel", "a bucket for what is recorded"),
  soundInAccount(
    "AUD-08",
    "aws:cloudwatch/eventRule:EventRule",
    "a rule for each thing to be heard of",
    watches.length,
  ),
  soundInAccount(
    "AUD-08",
    "aws:cloudwatch/eventTarget:EventTarget",
    "a way on for each of those rules",
    watches.length,
  ),
  soundInAccount("AUD-08", "aws:sns/topicSubscription:TopicSubscription", "somebody who is told"),
  soundInAccount("ENC-10", "aws:cloudwatch/logGroup:LogGroup", "logs under keys of one's own", 3),
  soundInAccount("ENC-10", "aws:secretsmanager/secret:Secret", "a secret under a key of one's own"),
  soundInAccount("ENC-10", "aws:sns/topic:Topic", "a topic under a key of one's own"),
  everyInAccount("ENC-10", "aws:ecr/repository:Repository", "repositories under keys of one's own"),
  everyInAccount("SUP-07", "aws:eks/nodeGroup:NodeGroup", "nodes of images that are named"),
  soundInAccount("SUP-07", "aws:eks/cluster:Cluster", "a cluster of a version that is supported"),
  soundInAccount("SUP-07", "aws:eks/addon:Addon", "add-ons of versions that are named", 6),
  inPlatform("NET-01", zones, "a namespace for each zone"),
  inPlatform("NET-02", zones, "network policies"),
  inPlatform("NET-09", 1, "services"),
  inPlatform("NET-10", zones, "a namespace for each zone"),
  inPlatform("NET-11", zones, "a workload in each zone"),
  inPlatform("SUP-01", zones, "a workload in each zone"),
  inPlatform("SUP-02", zones, "a workload in each zone"),
  inPlatform("AI-03", 1, "a way to the models"),
  {
    ...inPlatform("AI-10", 1, "a bill of materials for each model"),
    type: "kubernetes:apps/v1:Deployment",
    least: "kubernetes:apps/v1:Deployment",
    sound: true,
  },
];

/** The stack itself, as the engine's state has it: where what is absent is reported. */
export const stackUrn = (project: string, stack: string): string =>
  `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`;

/** States in which a rule said something of a resource; those of `sound` in which it may stand. */
const says = new Set<State>(["pass", "fail", "waived", "open"]);
const stands = new Set<State>(["pass", "waived", "open"]);

/**
 * What a complete run should have judged and did not, each as a failure of its rule on the stack. Nothing is expected of a
 * stack that is no layer of an environment, or whose footprint nobody told.
 */
export function unmetExpectations(
  settings: Settings,
  { project, stack }: { readonly project: string; readonly stack: string },
  verdicts: readonly Verdict[],
): Verdict[] {
  const layer = /-(foundation|platform)$/.exec(stack)?.[1];
  const { footprint } = settings;
  if (layer === undefined || footprint === undefined) return [];
  return expectations
    .filter((one) => one.layer === layer && (one.footprints ?? [footprint]).includes(footprint))
    .flatMap(({ rule, type, least, sound, of }): Verdict[] => {
      const count = (counted: ReadonlySet<State>, of?: string) =>
        verdicts.filter(
          (verdict) => verdict.rule === rule && (of ?? verdict.type) === verdict.type && counted.has(verdict.state),
        ).length;
      const found = count(sound ? stands : says, type);
      const wanted = typeof least === "number" ? least : Math.max(1, count(says, least));
      if (found >= wanted) return [];
      const did = sound ? "passed" : "judged";
      const message = `${of}: the rule ${did} ${found} of at least ${wanted} that the ${layer} of ${footprint} has`;
      return [{ rule, urn: stackUrn(project, stack), type: "pulumi:pulumi:Stack", state: "fail", message }];
    });
}
