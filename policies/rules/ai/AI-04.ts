import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import type { Properties, Rule } from "../../rule";

const digestAnnotation = "cloister.dev/model-digest";
const pinned = /sha256:[0-9a-f]{64}$/;

export const ai04: Rule = {
  id: "AI-04",
  title: "Model servers load digest-pinned weights, offline, without remote code",
  severity: "critical",
  scope: "resource",
  types: workloadTypes,
  remediation:
    "Pin the model by digest (annotation cloister.dev/model-digest or an image volume), set HF_HUB_OFFLINE=1, and remove --trust-remote-code.",
  supports: controlsOf("AI-04"),
  check(subject, examination) {
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the workload is not in the zone ${SERVING}`);
    const pod = podOf(subject);
    examination.ask(`metadata.annotations["${digestAnnotation}"]`, () => {
      const annotated = pinned.test(String(pod.metadata.annotations?.[digestAnnotation] ?? ""));
      const volumes = (pod.spec.volumes ?? []) as Properties[];
      const mounted = volumes.some((volume) => pinned.test(String(volume?.image?.reference ?? "")));
      return annotated || mounted ? undefined : "the model is not pinned by digest";
    });
    // Every container of the zone: one that seems to serve no model could fetch one too.
    eachContainer(pod, examination, ({ value, path }) => {
      examination.ask(`${path}.env`, () => {
        const variables = (value.env ?? []) as Properties[];
        const offline = variables.find((variable) => variable?.name === "HF_HUB_OFFLINE")?.value as string | undefined;
        return offline === "1" ? undefined : "HF_HUB_OFFLINE is not 1, so weights could be fetched";
      });
      examination.ask(`${path}.args`, () => {
        const words = [...((value.command ?? []) as string[]), ...((value.args ?? []) as string[])];
        return words.some((word) => /trust[-_]remote[-_]code/.test(word))
          ? "code that comes with the model would run"
          : undefined;
      });
    });
  },
};
