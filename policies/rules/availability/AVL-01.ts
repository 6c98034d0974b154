import { controlsOf } from "../../catalogue";
import { podOf, zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import type { Rule } from "../../rule";

export const avl01: Rule = {
  id: "AVL-01",
  title: "Serving workloads run at least two replicas, spread out",
  severity: "high",
  scope: "resource",
  types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:ReplicaSet"],
  remediation: "Set replicas to 2 or more, and spread them with topologySpreadConstraints or pod anti-affinity.",
  supports: controlsOf("AVL-01"),
  check(subject, examination) {
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the workload is not in the zone ${SERVING}`);
    const pod = podOf(subject);
    examination.ask("spec.replicas", () => {
      const replicas = (subject.props.spec?.replicas as number | undefined) ?? 1;
      return replicas >= 2 ? undefined : `${replicas} replica is not enough to lose one`;
    });
    examination.ask(`${pod.path}.topologySpreadConstraints`, () =>
      ((pod.spec.topologySpreadConstraints ?? []) as unknown[]).length > 0 || pod.spec.affinity?.podAntiAffinity
        ? undefined
        : "nothing keeps the replicas apart",
    );
  },
};
