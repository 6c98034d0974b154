import { controlsOf } from "../../catalogue";
import { notOneArn } from "../../reading/cloud-name";
import { undenied } from "../../reading/denials";
import { askStatements, conditionedBy, statementsOf, type PolicyStatement } from "../../reading/policy-document";
import type { Examination } from "../../examination";
import type { Properties, Rule } from "../../rule";

/** What AWS grants on no single resource, and what gives nothing away. */
const harmless =
  /^(?!s3:|secretsmanager:|kms:)[a-z0-9-]+:(Describe|List)|^s3:ListAllMyBuckets$|^kms:ListAliases$|^ecr:GetAuthorizationToken$|^sts:GetCallerIdentity$/;

/** Conditions that say which resources are meant, where an action knows none by name. */
const ofResources =
  / (aws:Resource(Account|OrgID|Tag\/\S+)|aws:RequestTag\/\S+|[a-z0-9]+:ResourceTag\/\S+|iam:PassedToService|[a-z0-9]+:namespace) /i;

function tooWide({
  allows,
  actions,
  notActions,
  notResources,
  resources,
  conditions,
}: PolicyStatement): string | undefined {
  if (!allows) return undefined;
  if (notActions.length > 0 || notResources.length > 0) return "it grants everything but what it names";
  const wild = actions.find((action) => action === "*" || /^[a-z0-9-]+:\*$/.test(action));
  if (wild !== undefined) return `it grants ${wild}`;
  // Keys are named by what they are called, which a role that is there before its key can know.
  const anyKey = resources.some((resource) => /^arn:[^ ]*:kms:.*:key\/\*$/.test(resource));
  if (anyKey && !conditions.some((one) => / kms:ResourceAliases /.test(one)))
    return "it may use every key of the account";
  if (!resources.includes("*")) return undefined;
  if (actions.includes("iam:PassRole")) return "it may pass every role";
  const open = actions.filter((action) => !harmless.test(action));
  // A condition on tags, accounts or organisations is what narrows a service that knows no resources.
  const narrowed = conditions.some((one) => ofResources.test(one));
  return open.length === 0 || narrowed ? undefined : `it grants ${open.join(", ")} on every resource`;
}

const ownKeys = [
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:PrincipalAccount",
  "aws:PrincipalOrgID",
  "aws:PrincipalArn",
];

/** What a policy that hangs on a resource may say: nobody from elsewhere, and denials for everyone. */
function ofResource(statement: PolicyStatement): string | undefined {
  const { allows, actions, principals } = statement;
  if (!allows) return principals.includes("*") ? undefined : "the denial does not meet everyone";
  if (actions.some((action) => action.endsWith("*"))) return `it grants ${actions.join(", ")}`;
  const others = principals.some((name) => name === "*" || name.startsWith("Service "));
  return others && !conditionedBy(statement, ownKeys) ? "it admits others than the account's own" : undefined;
}

function ofTopic(props: Properties, examination: Examination): void {
  examination.ask("policy", () => {
    const statements = statementsOf(props.policy);
    const named = ({ resources }: PolicyStatement) => resources.every((one) => notOneArn("sns", one) === undefined);
    if (!statements.every(named)) return "it speaks of more than one topic";
    const plain = undenied(statements, ["sns:Publish"], { when: "Bool aws:SecureTransport false" });
    return plain.length === 0 ? undefined : "what is published may come in clear";
  });
}

function ofBucket(props: Properties, examination: Examination): void {
  examination.ask("policy", () => {
    const whole = statementsOf(props.policy).find(({ allows, resources }) => allows && resources.includes("*"));
    return whole === undefined ? undefined : `${whole.name} names no part of the bucket`;
  });
}

/** The account's own policies would let in whoever may read secrets at all. */
function ofSecret(props: Properties, examination: Examination): void {
  examination.ask("policy", () => {
    const actions = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"];
    const open = undenied(statementsOf(props.policy), actions, { butNames: true });
    return open.length === 0 ? undefined : `${open.join(", ")} is denied to nobody`;
  });
}

export const iam02: Rule = {
  id: "IAM-02",
  title: "No cloud policy grants wildcards, exclusions or free role passing",
  severity: "critical",
  scope: "resource",
  types: [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:lambda/permission:Permission",
  ],
  remediation:
    "Name the actions and the resources; what can only be granted on everything may list and describe, and nothing else.",
  supports: controlsOf("IAM-02"),
  check(subject, examination) {
    if (subject.type.endsWith("Attachment")) {
      return examination.ask("policyArn", () => {
        const arn = String(subject.props.policyArn ?? "");
        if (arn.includes("*")) return `${arn} names no policy`;
        const wide = /\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/.exec(arn)?.[1];
        return wide === undefined ? undefined : `${wide} is far more than one thing needs`;
      });
    }
    if (subject.type.endsWith(":Permission")) {
      const service = () => /\.amazonaws\.com(\.cn)?$/.test(String(subject.props.principal));
      const anybody = "the service may call it for anybody: no source of one's own is named";
      // Asked by itself: what is not known before it exists hides nothing of what is.
      examination.ask("sourceAccount", () =>
        service() && !/^\d{12}$/.test(String(subject.props.sourceAccount)) ? anybody : undefined,
      );
      return examination.ask("", () => {
        const { action, principal } = subject.props as Readonly<Record<string, string | undefined>>;
        if (action !== "lambda:InvokeFunction")
          return `it may be ${String(action)}; calling it is all that anybody needs`;
        if (!service() && notOneArn("iam", principal) !== undefined) return `${String(principal)} may call it`;
        if (!service()) return undefined;
        const sourceArn = subject.props.sourceArn as string | undefined;
        return sourceArn !== undefined && !String(sourceArn).includes("*") ? undefined : anybody;
      });
    }
    if (/:(Topic|Secret|Bucket|Repository)Policy$/.test(subject.type)) {
      examination.ask("blockPublicPolicy", () =>
        subject.props.blockPublicPolicy === false ? "it may be opened to the public" : undefined,
      );
      askStatements("policy", () => subject.props.policy as unknown, examination, ofResource);
      if (subject.type.endsWith(":BucketPolicy")) ofBucket(subject.props, examination);
      if (subject.type.endsWith(":TopicPolicy")) ofTopic(subject.props, examination);
      if (subject.type.endsWith(":SecretPolicy")) ofSecret(subject.props, examination);
      return;
    }
    examination.ask("policy", () => (subject.props.policy ? undefined : "there is no policy"));
    askStatements("policy", () => subject.props.policy as unknown, examination, tooWide);
  },
};
