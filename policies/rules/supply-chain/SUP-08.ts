import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import { need } from "../../settings";
import type { Context, Properties, Rule } from "../../rule";

const modelDigest = "cloister.dev/model-digest";

/** What of a reference the image lock does not hold. */
function stranger(reference: unknown, { settings }: Context): string | undefined {
  const registry = need(settings, "registry");
  const locked = need(settings, "lockedImages");
  const text = (typeof reference === "string" ? reference : "nothing").replace(/^oci:\/\//, "");
  return locked.some((image) => text === `${registry}/${image}`) ? undefined : `${text} is not in the image lock`;
}

export const sup08: Rule = {
  id: "SUP-08",
  title: "Every image, chart and model is in the signed bundle",
  severity: "high",
  scope: "stack",
  types: [...workloadTypes, "kubernetes:helm.sh/*:Chart"],
  remediation:
    "Mirror it with `cloister images mirror`, which writes the image lock, and name it by the digest that stands there.",
  supports: controlsOf("SUP-08"),
  check(subject, examination, context) {
    if (subject.type.endsWith(":Chart")) {
      if (subject.props.chart === undefined) {
        return examination.undecided("chart", "the engine does not show this chart's inputs, or no chart is named");
      }
      return examination.ask("chart", () => stranger(subject.props.chart, context));
    }
    const pod = podOf(subject);
    eachContainer(pod, examination, ({ value, path }) => {
      examination.ask(`${path}.image`, () => stranger(value.image, context));
    });
    examination.within(`${pod.path}.volumes`, () => {
      ((pod.spec.volumes ?? []) as Properties[]).forEach((volume, index) => {
        if (volume?.image === undefined) return;
        examination.ask(`${pod.path}.volumes[${index}].image`, () => stranger(volume.image.reference, context));
      });
    });
    if (zoneOf(subject) !== SERVING) return;
    examination.ask(`metadata.annotations["${modelDigest}"]`, () => {
      const digest = pod.metadata.annotations?.[modelDigest] as string | undefined;
      if (digest === undefined) return undefined;
      const known = need(context.settings, "lockedImages").some((image) => image.endsWith(`@${digest}`));
      return known ? undefined : `the model ${digest} is not in the image lock`;
    });
  },
};
