/** One managed rule of AWS Config, and the kit's controls that it watches from outside, by their identifiers in the policy pack. */
export interface ConfigurationRule {
  /** Identifier that AWS gives the rule. */
  readonly identifier: string;
  readonly controls: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * What AWS itself judges, day and night, of what the policy pack judged before it was made. Identifiers and parameters are
 * those of the AWS Config Developer Guide, “List of AWS Config Managed Rules”.
 */
export const configurationRules: readonly ConfigurationRule[] = [
  { identifier: "S3_DEFAULT_ENCRYPTION_KMS", controls: ["ENC-01"] },
  { identifier: "S3_BUCKET_SSL_REQUESTS_ONLY", controls: ["ENC-02"] },
  { identifier: "EKS_SECRETS_ENCRYPTED", controls: ["ENC-03"] },
  { identifier: "EC2_EBS_ENCRYPTION_BY_DEFAULT", controls: ["ENC-04"] },
  { identifier: "ENCRYPTED_VOLUMES", controls: ["ENC-04"] },
  { identifier: "CMK_BACKING_KEY_ROTATION_ENABLED", controls: ["ENC-05"] },
  { identifier: "KMS_CMK_NOT_SCHEDULED_FOR_DELETION", controls: ["ENC-05"] },
  { identifier: "CLOUDWATCH_LOG_GROUP_ENCRYPTED", controls: ["ENC-10"] },
  { identifier: "SECRETSMANAGER_USING_CMK", controls: ["ENC-10"] },
  { identifier: "SNS_ENCRYPTED_KMS", controls: ["ENC-10"] },
  { identifier: "S3_BUCKET_VERSIONING_ENABLED", controls: ["IMM-03"] },
  { identifier: "EKS_ENDPOINT_NO_PUBLIC_ACCESS", controls: ["NET-03"] },
  { identifier: "NO_UNRESTRICTED_ROUTE_TO_IGW", controls: ["NET-05"] },
  { identifier: "SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED", controls: ["NET-05"] },
  { identifier: "EC2_INSTANCE_NO_PUBLIC_IP", controls: ["NET-05"] },
  { identifier: "VPC_DEFAULT_SECURITY_GROUP_CLOSED", controls: ["NET-06"] },
  { identifier: "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC", controls: ["NET-08"] },
  { identifier: "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", controls: ["NET-08"] },
  { identifier: "S3_BUCKET_ACL_PROHIBITED", controls: ["NET-08"] },
  { identifier: "EC2_IMDSV2_CHECK", controls: ["NET-14"] },
  { identifier: "IAM_ROOT_ACCESS_KEY_CHECK", controls: ["IAM-01"] },
  { identifier: "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", controls: ["IAM-02"] },
  { identifier: "ROOT_ACCOUNT_MFA_ENABLED", controls: ["IAM-05"] },
  { identifier: "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS", controls: ["IAM-05"] },
  {
    identifier: "IAM_PASSWORD_POLICY",
    controls: ["IAM-05"],
    parameters: {
      RequireUppercaseCharacters: "true",
      RequireLowercaseCharacters: "true",
      RequireSymbols: "true",
      RequireNumbers: "true",
      MinimumPasswordLength: "14",
      PasswordReusePrevention: "24",
      MaxPasswordAge: "90",
    },
  },
  { identifier: "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED", controls: ["SUP-04"] },
  { identifier: "ECR_PRIVATE_IMAGE_SCANNING_ENABLED", controls: ["SUP-05"] },
  { identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED", controls: ["AUD-01"] },
  { identifier: "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", controls: ["AUD-01"] },
  { identifier: "CLOUD_TRAIL_ENCRYPTION_ENABLED", controls: ["AUD-01"] },
  { identifier: "CLOUDTRAIL_S3_DATAEVENTS_ENABLED", controls: ["AUD-02"] },
  { identifier: "EKS_CLUSTER_LOGGING_ENABLED", controls: ["AUD-03"] },
  { identifier: "VPC_FLOW_LOGS_ENABLED", controls: ["AUD-04"], parameters: { trafficType: "ALL" } },
  { identifier: "CW_LOGGROUP_RETENTION_PERIOD_CHECK", controls: ["AUD-05"], parameters: { MinRetentionTime: "365" } },
  { identifier: "GUARDDUTY_ENABLED_CENTRALIZED", controls: ["AUD-08"] },
  { identifier: "BACKUP_RECOVERY_POINT_ENCRYPTED", controls: ["AVL-04"] },
];
