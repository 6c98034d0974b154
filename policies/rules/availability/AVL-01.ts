import { controlsOf } from "../../catalogue";
import { podOf, zoneOf } from "../../reading/workload";
import { GATEWAY, SERVING } from "../../reading/zones";
import type { Properties, Rule } from "../../rule";

export const avl01: Rule = {
  id: "AVL-01",
  title: "Serving workloads run at least two replicas, spread out",
  severity: "high",
  scope: "resource",
  types: ["kubernetes:apps/*:Deployment", "kubernetes:apps/*:StatefulSet", "kubernetes:apps/*:ReplicaSet"],
  remediation: "Set replicas to 2 or more, and spread them with topologySpreadConstraints or pod anti-affinity.",
  supports: controlsOf("AVL-01"),
  check(subject, examination) {
    // Behind one door all models are away with it.
    if (![GATEWAY, SERVING].includes(zoneOf(subject)))
      return examination.notApplicable(`the workload is in neither of the zones ${GATEWAY} and ${SERVING}`);
    const pod = podOf(subject);
    examination.ask("spec.replicas", () => {
      const replicas = (subject.props.spec?.replicas as number | undefined) ?? 1;
      return replicas >= 2 ? undefined : `${replicas} replica is not enough to lose one`;
    });
    examination.ask(`${pod.path}.topologySpreadConstraints`, () => {
      const constraints = (pod.spec.topologySpreadConstraints ?? []) as Properties[];
      if (constraints.length === 0)
        return pod.spec.affinity?.podAntiAffinity ? undefined : "nothing keeps the replicas apart";
      const whole = constraints.every(
        ({ topologyKey, whenUnsatisfiable }) =>
          topologyKey && /^(DoNotSchedule|ScheduleAnyway)$/.test(String(whenUnsatisfiable)),
      );
      return whole ? undefined : "a constraint says not between what the replicas are spread";
    });
  },
};
