import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { linked } from "../../reading/links";
import { askStatements, conditionedBy, type PolicyStatement } from "../../reading/policy-document";
import type { Context, Rule, Subject } from "../../rule";

const needed = ["s3", "ecr.api", "ecr.dkr", "sts", "kms", "logs"];
const ownKeys = ["aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:ResourceAccount", "aws:ResourceOrgID"];

/** Bound to identities or resources of one's own, or to one reviewed resource that the provider keeps. */
const bound = (statement: PolicyStatement): boolean =>
  conditionedBy(statement, ownKeys) ||
  (statement.resources.length > 0 && statement.resources.every((resource) => resource !== "*"));

function completeness(vpc: Subject, examination: Examination, context: Context): void {
  const { found, uncertain } = linked(vpc, ["aws:ec2/vpcEndpoint:VpcEndpoint"], "vpcId", context, [
    () => vpc.props.id as unknown,
  ]);
  for (const service of needed) {
    examination.ask(`endpoint ${service}`, () => {
      const has = found.some(({ props }) => String(props.serviceName).endsWith(`.${service}`));
      if (has) return undefined;
      return uncertain ? undefined : `there is no endpoint for ${service}`;
    });
  }
}

export const net07: Rule = {
  id: "NET-07",
  title: "Cloud services are reached through endpoints bound to the organisation",
  severity: "high",
  scope: "stack",
  types: ["aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint"],
  remediation:
    "Give the VPC endpoints for s3, ecr.api, ecr.dkr, sts, kms and logs, each with a policy bound to the account or the organisation.",
  supports: controlsOf("NET-07"),
  check(subject, examination, context) {
    if (subject.type.endsWith(":Vpc")) return completeness(subject, examination, context);
    // A gateway endpoint is a route; the others are addresses, and names must lead to them.
    if ((subject.props.vpcEndpointType ?? "Gateway") !== "Gateway") {
      examination.ask("privateDnsEnabled", () =>
        subject.props.privateDnsEnabled === true ? undefined : "the service's name leads past the endpoint",
      );
      examination.ask("securityGroupIds", () =>
        ((subject.props.securityGroupIds ?? []) as unknown[]).length > 0 ? undefined : "no security group guards it",
      );
    }
    examination.ask("policy", () => (subject.props.policy ? undefined : "it has no policy, so everything may pass"));
    askStatements(
      "policy",
      () => subject.props.policy as unknown,
      examination,
      (statement) =>
        !statement.allows || bound(statement)
          ? undefined
          : "it lets any account's identities reach any account's resources",
    );
  },
};
