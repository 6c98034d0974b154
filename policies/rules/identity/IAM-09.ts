import { controlsOf } from "../../catalogue";
import { podOf, workloadTypes } from "../../reading/workload";
import type { Rule } from "../../rule";

export const iam09: Rule = {
  id: "IAM-09",
  title: "No pod mounts a service-account token it did not ask for",
  severity: "high",
  scope: "resource",
  types: [...workloadTypes, "kubernetes:core/v1:ServiceAccount"],
  remediation:
    "Set automountServiceAccountToken: false in the pod; a program that calls the API server asks for a projected, expiring token.",
  supports: controlsOf("IAM-09"),
  check(subject, examination) {
    if (subject.type.endsWith(":ServiceAccount")) {
      return examination.ask("automountServiceAccountToken", () =>
        subject.props.automountServiceAccountToken === false
          ? undefined
          : "its token is mounted wherever a pod says nothing",
      );
    }
    const pod = podOf(subject);
    examination.ask(`${pod.path}.automountServiceAccountToken`, () =>
      pod.spec.automountServiceAccountToken === false ? undefined : "the service account's token is mounted",
    );
  },
};
