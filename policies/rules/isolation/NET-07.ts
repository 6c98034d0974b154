import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { linked } from "../../reading/links";
import { askStatements, conditionedBy, type PolicyStatement } from "../../reading/policy-document";
import type { Context, Rule, Subject } from "../../rule";

const needed = ["s3", "ecr.api", "ecr.dkr", "sts", "kms", "logs"];
const ownIdentities = ["aws:PrincipalAccount", "aws:PrincipalOrgID"];
const ownResources = ["aws:ResourceAccount", "aws:ResourceOrgID"];
/** What knows no resource, and gives nothing of anybody's. */
const withoutResource = /^(ecr:GetAuthorizationToken|sts:GetCallerIdentity)$/;
/** Layers of images are fetched by an address that is signed already, so nobody is known who asks. */
const signedReads = /^s3:GetObject$/;

/** Own identities at own resources; or reads of one reviewed resource that the provider keeps. */
function bound(statement: PolicyStatement, service: string): boolean {
  const { actions, resources } = statement;
  const named = resources.length > 0 && resources.every((resource) => resource !== "*");
  const reads = actions.every((action) => /^[a-z0-9-]+:(Get|BatchGet|BatchCheck|Describe|List)\w*$/.test(action));
  if (named && actions.length > 0 && actions.every((action) => signedReads.test(action))) return true;
  if (!conditionedBy(statement, ownIdentities)) return false;
  const noResource = actions.length > 0 && actions.every((action) => withoutResource.test(action));
  // What the agents of the detector write to is the provider's own.
  const providersOwn = service.endsWith(".guardduty-data");
  return noResource || (named && reads) || providersOwn || conditionedBy(statement, ownResources);
}

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
        !statement.allows || bound(statement, String(subject.props.serviceName))
          ? undefined
          : "it lets any account's identities reach any account's resources",
    );
  },
};
