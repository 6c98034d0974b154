import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

export const sup06: Rule = {
  id: "SUP-06",
  title: "No chart is installed opaquely, and every chart version is pinned",
  severity: "high",
  scope: "resource",
  types: ["kubernetes:helm.sh/*:Release", "kubernetes:helm.sh/*:Chart"],
  remediation:
    "Install the chart with helm.v4.Chart at an exact version, so that every object it makes is seen by the rules.",
  supports: controlsOf("SUP-06"),
  check({ type, props }, examination) {
    if (type.endsWith(":Release")) {
      return examination.ask("", () => "a Release hides the objects it makes from every rule");
    }
    if (props.version === undefined) {
      return examination.undecided("version", "the engine does not show this chart's inputs, or no version is given");
    }
    examination.ask("version", () =>
      /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/.test(String(props.version))
        ? undefined
        : `${props.version} is not an exact version`,
    );
  },
};
