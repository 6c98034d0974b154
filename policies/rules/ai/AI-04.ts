import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import type { Properties, Rule } from "../../rule";

const digestAnnotation = "cloister.dev/model-digest";
const pinned = /sha256:[0-9a-f]{64}$/;

const fetched = "weights could be fetched";
const reported = "how models are used could be told to others";
/** What keeps a program from asking for weights, and vLLM from telling others how it is used. */
const silenced = (image: string): readonly (readonly [string, string])[] => [
  ["HF_HUB_OFFLINE", fetched],
  ...(/\bvllm\b/.test(image)
    ? ([
        ["TRANSFORMERS_OFFLINE", fetched],
        ["VLLM_NO_USAGE_STATS", reported],
        ["DO_NOT_TRACK", reported],
      ] as const)
    : []),
];

export const ai04: Rule = {
  id: "AI-04",
  title: "Model servers load digest-pinned weights, offline, without remote code",
  severity: "critical",
  scope: "resource",
  types: workloadTypes,
  remediation:
    "Pin the model by digest (annotation cloister.dev/model-digest or an image volume), set HF_HUB_OFFLINE=1 (vLLM: TRANSFORMERS_OFFLINE, VLLM_NO_USAGE_STATS and DO_NOT_TRACK as well), and remove --trust-remote-code.",
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
      for (const [name, wrong] of silenced(String(value.image))) {
        examination.ask(`${path}.env`, () => {
          const variables = (value.env ?? []) as Properties[];
          const given = variables.find((variable) => variable?.name === name)?.value as string | undefined;
          return given === "1" ? undefined : `${name} is not 1, so ${wrong}`;
        });
      }
      examination.ask(`${path}.args`, () => {
        const words = [...((value.command ?? []) as string[]), ...((value.args ?? []) as string[])];
        return words.some((word) => /trust[-_]remote[-_]code/.test(word))
          ? "code that comes with the model would run"
          : undefined;
      });
    });
  },
};
