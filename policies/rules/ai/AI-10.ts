import { controlsOf } from "../../catalogue";
import { weightsDigestOf } from "../../reading/model";
import { eachContainer, podOf, workloadTypes, zoneOf } from "../../reading/workload";
import { SERVING } from "../../reading/zones";
import type { Rule } from "../../rule";

const annotation = "cloister.dev/model-bom";

interface Component {
  readonly type?: string;
  readonly name?: string;
  readonly hashes?: readonly { readonly alg?: string; readonly content?: string }[];
}

/** The components of a CycloneDX document; undefined where the text is none. */
function componentsOf(text: string): readonly Component[] | undefined {
  try {
    const document = JSON.parse(text) as { bomFormat?: string; components?: readonly Component[] };
    return document.bomFormat === "CycloneDX" ? (document.components ?? []) : undefined;
  } catch {
    return undefined;
  }
}

const lists = (component: Component, digest: string): boolean =>
  (component.hashes ?? []).some(({ alg, content }) => alg === "SHA-256" && `sha256:${content}` === digest);

export const ai10: Rule = {
  id: "AI-10",
  title: "Every model carries a bill of materials with digests",
  severity: "medium",
  scope: "resource",
  types: workloadTypes,
  remediation:
    "Annotate the pods with cloister.dev/model-bom: a CycloneDX document that names the weights and each image by SHA-256.",
  supports: controlsOf("AI-10"),
  check(subject, examination) {
    if (zoneOf(subject) !== SERVING) return examination.notApplicable(`the workload is not in the zone ${SERVING}`);
    const pod = podOf(subject);
    examination.within(`metadata.annotations["${annotation}"]`, () => {
      const text = pod.metadata.annotations?.[annotation] as string | undefined;
      const components = text === undefined ? undefined : componentsOf(text);
      examination.ask(`metadata.annotations["${annotation}"]`, () =>
        components === undefined
          ? `it is ${text === undefined ? "absent" : "no CycloneDX document"}, so nobody can tell what the model is made of`
          : undefined,
      );
      if (components === undefined) return;
      examination.ask("weights", () => {
        const weights = weightsDigestOf(pod);
        const model = components.find(({ type }) => type === "machine-learning-model");
        if (model?.name === undefined) return "the bill names no model";
        return weights !== undefined && lists(model, weights) ? undefined : "the bill names other weights than the pod";
      });
      eachContainer(pod, examination, ({ value, path }) => {
        examination.ask(`${path}.image`, () => {
          const digest = String(value.image ?? "").split("@")[1] ?? "none";
          return components.some((component) => component.type === "container" && lists(component, digest))
            ? undefined
            : "the bill does not name this image's digest";
        });
      });
    });
  },
};
