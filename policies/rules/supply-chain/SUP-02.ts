import { controlsOf } from "../../catalogue";
import { eachContainer, podOf, workloadTypes } from "../../reading/workload";
import { need } from "../../settings";
import type { Rule } from "../../rule";

export const sup02: Rule = {
  id: "SUP-02",
  title: "Every image comes from the private registry",
  severity: "critical",
  scope: "resource",
  types: workloadTypes,
  remediation: "Mirror the image into the private registry and take it from the image lock.",
  supports: controlsOf("SUP-02"),
  check(subject, examination, { settings }) {
    eachContainer(podOf(subject), examination, ({ value, path }) => {
      examination.ask(`${path}.image`, () => {
        const registry = need(settings, "registry");
        return String(value.image ?? "").startsWith(`${registry}/`)
          ? undefined
          : `${value.image ?? "no image"} is not from ${registry}`;
      });
    });
  },
};
