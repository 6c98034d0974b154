import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { bucketTypes, dataClassOf } from "../../reading/object-store";
import { covers, type PolicyStatement } from "../../reading/policy-document";
import { rightsOf } from "../../reading/role-rights";
import type { Context, Rule, Subject } from "../../rule";

const writes = ["s3:PutObject", "s3:ReplicateObject", "s3:RestoreObject"];
/**
 * How weights come to be served: as an artifact that is pushed where nodes pull from, by a registry of models that says
 * which version is approved, or by a signature under what the gate found.
 */
const promotes = [
  "ecr:PutImage",
  "ecr:CompleteLayerUpload",
  "ecr:ReplicateImage",
  "sagemaker:UpdateModelPackage",
  "sagemaker:CreateModel",
  "kms:Sign",
];

const may = ({ allows, actions, notActions }: PolicyStatement, wanted: readonly string[]): boolean =>
  allows &&
  (notActions.length > 0
    ? wanted.some((action) => !notActions.some((pattern) => covers(pattern, action)))
    : wanted.some((action) => actions.some((pattern) => covers(pattern, action))));

/** Whether a statement reaches objects of a bucket of weights. */
function reachesWeights({ resources, notResources }: PolicyStatement, { resources: all }: Context): boolean {
  if (notResources.length > 0) return true;
  const known = all
    .filter((one) => bucketTypes.includes(one.type) && dataClassOf(one) === "weights")
    .map(({ props }) => String(props.bucket));
  return resources.some((resource) => {
    const name = /^arn:[^:]*:s3:::([^/]*)/.exec(resource)?.[1];
    if (name === undefined) return covers(resource, "arn:aws:s3:::weights/x");
    return name.endsWith("weights") || known.some((bucket) => covers(name, bucket)) || covers(name, "x-weights");
  });
}

function separated(role: Subject, examination: Examination, context: Context): void {
  const { statements, uncertain } = rightsOf(role, context);
  const writer = statements.some((statement) => may(statement, writes) && reachesWeights(statement, context));
  const promoter = statements.filter((statement) => may(statement, promotes));
  if (writer && promoter.length > 0) {
    return examination.ask(
      "",
      () => `it writes weights and promotes them (${promoter.map(({ name }) => name).join(", ")})`,
    );
  }
  if (uncertain) return examination.undecided("", "what else the role may do can't be known yet");
  if (writer || promoter.length > 0) return examination.ask("", () => undefined);
  examination.notApplicable("the role neither writes weights nor promotes them");
}

export const iam12: Rule = {
  id: "IAM-12",
  title: "Who writes weights cannot promote them",
  severity: "medium",
  scope: "stack",
  types: ["aws:iam/role:Role"],
  remediation:
    "Give writing weights to one role, and pushing images, approving model versions or signing to another that nobody holds with it.",
  supports: controlsOf("IAM-12"),
  check(role, examination, context) {
    examination.within("", () => separated(role, examination, context));
  },
};
