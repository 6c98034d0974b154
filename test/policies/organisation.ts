import { policyOf, role } from "./policy-documents";

const deny = (Action: string[], more: object = {}) => ({ Effect: "Deny", Action, Resource: "*", ...more });
const root = { Condition: { ArnLike: { "aws:PrincipalArn": ["arn:aws:iam::111122223333:root"] } } };
const deployers = { Condition: { ArnNotEquals: { "aws:PrincipalArn": [role("deployer")] } } };

/** What an organisation denies an account besides other regions, a statement for each purpose. */
export const organisationDenials = {
  leaving: deny(["organizations:LeaveOrganization"]),
  blinding: deny([
    "access-analyzer:DeleteAnalyzer",
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "config:Delete*",
    "config:StopConfigurationRecorder",
    "guardduty:D*",
    "guardduty:StopMonitoringMembers",
  ]),
  retuning: deny(
    [
      "cloudtrail:PutEventSelectors",
      "cloudtrail:UpdateTrail",
      "config:Put*",
      "guardduty:UpdateDetector",
      "s3:PutAccountPublicAccessBlock",
    ],
    deployers,
  ),
  keys: deny(["kms:DeleteImportedKeyMaterial", "kms:DisableKeyRotation", "kms:ScheduleKeyDeletion"]),
  backups: deny(["backup:DeleteBackup*", "backup:DeleteRecoveryPoint"]),
  credentials: deny(["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateUser"]),
  root: deny(["*"], root),
};

/** The same, with one of the denials otherwise. */
export const organisationWith = (changed: Partial<Record<keyof typeof organisationDenials, object>> = {}): string =>
  policyOf(...Object.values({ ...organisationDenials, ...changed }));

const nothing = { Effect: "Deny", Action: ["account:CloseAccount"], Resource: "*" };
const some = { Resource: "x" };

/** How each denial is lifted, each as what the guardrails then say. */
export const lifted = (...which: (keyof typeof organisationDenials)[]) =>
  which.flatMap((one) =>
    [nothing, { ...organisationDenials[one], Effect: "Allow" }, { ...organisationDenials[one], ...some }].map(
      (value) => ({
        of: "guardrails",
        path: "serviceControlPolicies.guardrails",
        value: organisationWith({ [one]: value }),
        judged: "guardrails",
      }),
    ),
  );

export const everyoneRetunes = {
  of: "guardrails",
  path: "serviceControlPolicies.guardrails",
  value: organisationWith({
    retuning: { ...organisationDenials.retuning, Condition: { ArnNotLike: { "aws:PrincipalArn": ["*"] } } },
  }),
  judged: "guardrails",
};
