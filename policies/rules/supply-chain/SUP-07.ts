import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

/** Kubernetes mends its three newest minors; 1.36 was the newest when this was written, in November 2026. */
const oldestMinor = 34;

export const sup07: Rule = {
  id: "SUP-07",
  title: "Cluster version is supported and node images are pinned",
  severity: "medium",
  scope: "resource",
  types: ["aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"],
  remediation:
    "Name a Kubernetes minor under standard support; give each node group a releaseVersion, or an image in its launch template, and each add-on a version.",
  supports: controlsOf("SUP-07"),
  check(subject, examination) {
    const { props, type } = subject;
    if (type.endsWith(":Cluster")) {
      examination.ask("version", () => {
        const minor = Number(String(props.version ?? "").split(".")[1]);
        if (Number.isNaN(minor)) return "no minor is named, so the provider chooses";
        return minor >= oldestMinor ? undefined : `1.${minor}; the oldest that is still mended is 1.${oldestMinor}`;
      });
      examination.ask("upgradePolicy.supportType", () =>
        props.upgradePolicy?.supportType === "EXTENDED" ? "extended support lets an old version run on" : undefined,
      );
    } else if (type.endsWith(":Addon")) {
      examination.ask("addonVersion", () =>
        props.addonVersion ? undefined : "no version is named, so the provider chooses",
      );
    } else {
      examination.ask("releaseVersion", () =>
        props.releaseVersion || props.amiType === "CUSTOM" ? undefined : "no image is named, so the provider chooses",
      );
    }
  },
};
