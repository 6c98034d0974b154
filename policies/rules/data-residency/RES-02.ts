import { controlsOf } from "../../catalogue";
import { transferWrong } from "../../controls/transfers";
import type { Examination } from "../../examination";
import { need } from "../../settings";
import type { Properties, Rule } from "../../rule";

function eachDestination(
  rules: unknown,
  examination: Examination,
  outside: (region: unknown) => string | undefined,
): void {
  examination.within("replicationConfiguration.rules", () => {
    const destinations = ((rules ?? []) as Properties[]).flatMap(
      (rule): Properties[] => (rule.destinations ?? []) as Properties[],
    );
    destinations.forEach(({ region }, index) =>
      examination.ask(`destinations[${index}].region`, () => outside(region)),
    );
  });
}

export const res02: Rule = {
  id: "RES-02",
  title: "Nothing is replicated outside the allowed regions",
  severity: "critical",
  scope: "resource",
  types: [
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    "aws:s3/bucketReplicationConfiguration:BucketReplicationConfiguration",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/key:Key",
    "aws:dynamodb/globalTable:GlobalTable",
    "aws:rds/globalCluster:GlobalCluster",
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    "aws:secretsmanager/secret:Secret",
  ],
  remediation: "Replicate within the allowed regions alone; keep keys to one region.",
  supports: controlsOf("RES-02"),
  check(subject, examination, context) {
    const allowed = need(context.settings, "allowedRegions");
    const outside = (region: unknown) =>
      allowed.includes(String(region))
        ? transferWrong(String(region), context.settings)
        : `it goes to ${String(region)}; allowed is ${allowed.join(", ")}`;
    const { props, type } = subject;
    if (type.endsWith(":Key")) {
      examination.ask("multiRegion", () =>
        props.multiRegion === true ? "the key may be copied to any region" : undefined,
      );
    } else if (type.endsWith(":ReplicaKey")) {
      examination.ask("region", () => outside(props.region ?? subject.provider?.region));
    } else if (type.endsWith(":ReplicationConfiguration")) {
      eachDestination(props.replicationConfiguration?.rules, examination, outside);
    } else if (type.endsWith(":Secret")) {
      examination.within("replicas", () => {
        ((props.replicas ?? []) as Properties[]).forEach(({ region }, index) =>
          examination.ask(`replicas[${index}].region`, () => outside(region)),
        );
      });
    } else if (type.includes("bucketReplication")) {
      // A bucket's ARN names no region: where replicas go is told by the provider that made the target.
      examination.ask("region", () => outside(props.region ?? subject.provider?.region));
    } else {
      examination.ask("", () => "a global store keeps copies in other regions");
    }
  },
};
