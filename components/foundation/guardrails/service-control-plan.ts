import { arnOf, type Place } from "../private-cloud/place";

export interface ServiceControlArgs {
  readonly place: Place;
  /** Regions in which anything may be made. */
  readonly allowedRegions: readonly string[];
  /** ARNs of the roles that deploy: they alone change what the guardrails watch. */
  readonly administrators: readonly string[];
}

/** AWS takes no longer policy than this, characters. */
export const longestServiceControlPolicy = 5120;

/** Services that answer in one region for all: their calls name that region, whatever is meant. */
const globalServices = [
  "account:*",
  "aws-portal:*",
  "billing:*",
  "budgets:*",
  "ce:*",
  "cur:*",
  "health:*",
  "iam:*",
  "organizations:*",
  "pricing:*",
  "s3:GetAccountPublicAccessBlock",
  "s3:ListAllMyBuckets",
  "s3:PutAccountPublicAccessBlock",
  "sts:*",
  "support:*",
  "tag:*",
  "trustedadvisor:*",
];

const deny = (sid: string, actions: readonly string[], more: object = {}) => ({
  Sid: sid,
  Effect: "Deny",
  Action: actions,
  Resource: "*",
  ...more,
});

/**
 * Policies that the organisation attaches to the account, by name. The account cannot make them itself, which is the
 * point: who takes it over cannot lift them.
 */
export function planServiceControlPolicies(args: ServiceControlArgs): Record<"regions" | "guardrails", string> {
  const regionDeny = {
    Sid: "DenyOtherRegions",
    Effect: "Deny",
    NotAction: globalServices,
    Resource: "*",
    Condition: { StringNotEquals: { "aws:RequestedRegion": args.allowedRegions } },
  };
  const exceptDeployers = { Condition: { ArnNotEquals: { "aws:PrincipalArn": args.administrators } } };
  return {
    regions: document([regionDeny]),
    guardrails: document([
      deny("DenyLeaving", ["organizations:LeaveOrganization"]),
      deny("DenyBlinding", [
        "access-analyzer:DeleteAnalyzer",
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopLogging",
        "config:DeleteConfigurationRecorder",
        "config:DeleteDeliveryChannel",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
        "guardduty:DisassociateFromAdministratorAccount",
        "guardduty:StopMonitoringMembers",
      ]),
      // An `up` changes these with the environment; nobody else has a reason to.
      deny(
        "DenyRetuning",
        [
          "cloudtrail:PutEventSelectors",
          "cloudtrail:UpdateTrail",
          "config:PutConfigurationRecorder",
          "config:PutDeliveryChannel",
          "guardduty:UpdateDetector",
          "s3:PutAccountPublicAccessBlock",
        ],
        exceptDeployers,
      ),
      deny("DenyKeyDeletion", ["kms:DeleteImportedKeyMaterial", "kms:DisableKeyRotation", "kms:ScheduleKeyDeletion"]),
      deny("DenyBackupDeletion", [
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultLockConfiguration",
        "backup:DeleteRecoveryPoint",
      ]),
      deny("DenyLastingCredentials", ["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateUser"]),
      deny("DenyRoot", ["*"], { Condition: { ArnLike: { "aws:PrincipalArn": [arnOf.root(args.place)] } } }),
    ]),
  };
}

const document = (statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
