import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { askOrganisation, guardrails, organisationStatements } from "../../reading/organisation";
import { statementsOf, type PolicyStatement } from "../../reading/policy-document";
import { need, type Settings } from "../../settings";
import type { Rule } from "../../rule";

/**
 * Services whose calls name one region for all, whatever is meant, and those few calls of S3 that do. An exclusion of
 * anything else would leave a service free to keep data elsewhere.
 */
const global = [
  /^(account|aws-portal|billing|budgets|ce|consolidatedbilling|cur|freetier|invoicing|payments|pricing|tax):/,
  /^(health|iam|organizations|sts|support|supportplans|tag|trustedadvisor):/,
  /^s3:(GetAccountPublicAccessBlock|ListAllMyBuckets|PutAccountPublicAccessBlock)$/,
];

const asksForRegion = ({ allows, conditions }: PolicyStatement): boolean =>
  !allows && conditions.some((condition) => condition.includes(" aws:RequestedRegion "));

/** What keeps a statement from denying every other region; undefined where it does. */
function leak(statement: PolicyStatement, allowed: readonly string[]): string | undefined {
  const { actions, notActions, resources, conditions } = statement;
  if (!resources.includes("*")) return "it denies on some resources alone";
  if (notActions.length === 0 && !actions.includes("*")) return "it denies some actions alone";
  const free = notActions.filter((action) => !global.some((pattern) => pattern.test(action)));
  if (free.length > 0) return `${free.join(", ")} is let through in every region`;
  const [condition = "", ...more] = conditions;
  if (more.length > 0) return `it denies only where something else holds too: ${more.join("; ")}`;
  const [operator, , ...regions] = condition.split(" ");
  if (operator !== "StringNotEquals") return `${operator} does not compare exact names of regions`;
  const others = regions.filter((region) => !allowed.includes(region));
  return others.length === 0 ? undefined : `${others.join(", ")} is let through; allowed is ${allowed.join(", ")}`;
}

function judge(
  path: string,
  statements: readonly PolicyStatement[],
  examination: Examination,
  settings: Settings,
): void {
  examination.within(path, () => {
    const denials = statements.filter(asksForRegion);
    examination.ask(path, () => (denials.length > 0 ? undefined : "no statement denies other regions"));
    for (const denial of denials) {
      examination.ask(`${path} ${denial.name}`, () => {
        const regions = [...need(settings, "allowedRegions"), ...(settings.furtherRegions ?? [])];
        return leak(denial, regions);
      });
    }
  });
}

export const res03: Rule = {
  id: "RES-03",
  title: "The organisation denies every other region",
  severity: "high",
  scope: "resource",
  types: ["aws:organizations/policy:Policy", guardrails],
  remediation:
    "Deny everything but global services where aws:RequestedRegion StringNotEquals the allowed regions, on every resource and without another condition.",
  supports: controlsOf("RES-03"),
  check(subject, examination, { settings }) {
    const { props, type } = subject;
    if (type === guardrails) {
      // Who leaves the organisation leaves its denials behind.
      askOrganisation(props, examination, ["organizations:LeaveOrganization"]);
      return examination.within("serviceControlPolicies", () => {
        judge("serviceControlPolicies", organisationStatements(props), examination, settings);
      });
    }
    examination.within("content", () => {
      if ((props.type ?? "SERVICE_CONTROL_POLICY") !== "SERVICE_CONTROL_POLICY") {
        return examination.notApplicable("it controls no service");
      }
      const statements = statementsOf(props.content);
      if (!statements.some(asksForRegion)) {
        return examination.notApplicable("the policy is about something else than regions");
      }
      judge("content", statements, examination, settings);
    });
  },
};
