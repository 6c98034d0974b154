import { controlsOf } from "../../catalogue";
import type { Rule } from "../../rule";

export const sup04: Rule = {
  id: "SUP-04",
  title: "Registry tags are immutable",
  severity: "high",
  scope: "resource",
  types: ["aws:ecr/repository:Repository"],
  remediation: "Set imageTagMutability: IMMUTABLE and leave out exclusion filters.",
  supports: controlsOf("SUP-04"),
  check(repository, examination) {
    examination.ask("imageTagMutability", () => {
      const mutability = repository.props.imageTagMutability as string | undefined;
      return mutability === "IMMUTABLE" ? undefined : `it is ${mutability ?? "absent"}; wanted IMMUTABLE`;
    });
    examination.ask("forceDelete", () =>
      repository.props.forceDelete === true ? "its images go with it, whoever still runs them" : undefined,
    );
    examination.ask("imageTagMutabilityExclusionFilters", () =>
      ((repository.props.imageTagMutabilityExclusionFilters ?? []) as unknown[]).length > 0
        ? "some tags are excluded from immutability"
        : undefined,
    );
  },
};
