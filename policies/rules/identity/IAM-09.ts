import { controlsOf } from "../../catalogue";
import { podOf, workloadTypes } from "../../reading/workload";
import type { Properties, Rule } from "../../rule";

/** Seconds: the kubelet draws a token anew long before, and AWS takes none that is older than a day. */
const longestToken = 86_400;

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
    examination.within(`${pod.path}.volumes`, () => {
      ((pod.spec.volumes ?? []) as Properties[]).forEach((volume, index) =>
        ((volume?.projected?.sources ?? []) as Properties[]).forEach(({ serviceAccountToken: token }) => {
          if (token === undefined) return;
          examination.ask(`${pod.path}.volumes[${index}]`, () => {
            if (!token.audience) return "a token is good for the API server itself: it names no audience";
            const seconds = Number(token.expirationSeconds ?? 3600);
            return seconds > 0 && seconds <= longestToken ? undefined : `a token is good for ${seconds} seconds`;
          });
        }),
      );
    });
  },
};
