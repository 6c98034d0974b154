import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes } from "../../reading/workload";
import type { Rule } from "../../rule";

export const sup01: Rule = {
  id: "SUP-01",
  title: "Every image is pinned by digest",
  severity: "critical",
  scope: "resource",
  types: workloadTypes,
  remediation: "Take the image from the environment's image lock, which pins it as name@sha256:<digest>.",
  supports: controlsOf("SUP-01"),
  check(subject, examination) {
    eachContainer(podOf(subject), examination, ({ value, path }) => {
      examination.ask(`${path}.image`, () =>
        /@sha256:[0-9a-f]{64}$/.test(String(value.image ?? ""))
          ? undefined
          : `${value.image ?? "no image"} is not pinned by digest`,
      );
    });
  },
};
