import { controlsOf } from "../../catalogue";
import { notOneArn } from "../../reading/cloud-name";
import type { Rule } from "../../rule";

const named = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && !value.includes("*") ? undefined : "it is not one exact name";

export const iam04: Rule = {
  id: "IAM-04",
  title: "Cloud rights go to named service accounts",
  severity: "high",
  scope: "stack",
  types: ["aws:eks/podIdentityAssociation:PodIdentityAssociation"],
  remediation: "Give each association one namespace and one service account other than default, and each its own role.",
  supports: controlsOf("IAM-04"),
  check(association, examination, context) {
    const { props } = association;
    examination.ask("namespace", () => named(props.namespace));
    examination.ask("serviceAccount", () =>
      props.serviceAccount === "default" ? "every pod of the namespace has it" : named(props.serviceAccount),
    );
    const others = context.resources.filter(({ type, urn }) => type === association.type && urn !== association.urn);
    examination.ask("roleArn", () => {
      const wrong = notOneArn("iam", props.roleArn);
      if (wrong !== undefined) return wrong;
      const shared = others.find(({ props: other }) => other.roleArn === props.roleArn);
      return shared === undefined ? undefined : `${shared.name} has the same role`;
    });
  },
};
