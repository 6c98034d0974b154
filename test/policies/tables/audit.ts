import { UNKNOWN, type RuleTables } from "./table";

export const audit: RuleTables = {
  "AUD-01": {
    judged: "trail",
    violations: [
      { of: "trail", path: "isMultiRegionTrail" },
      { of: "trail", path: "enableLogFileValidation", value: false },
      { of: "trail", path: "enableLogging", value: false },
      { of: "trail", path: "includeGlobalServiceEvents", value: false },
      { of: "trail", path: "kmsKeyId" },
      { of: "trail", path: "s3BucketName", value: "elsewhere" },
      { of: "trail", path: "s3BucketName", value: "weights" },
      { of: "trail", path: "", judged: "key" },
    ],
    unknown: { of: "trail", path: "kmsKeyId", value: UNKNOWN },
  },
  "AUD-02": {
    judged: "trail",
    violations: [
      { of: "trail", path: "advancedEventSelectors" },
      {
        of: "trail",
        path: "advancedEventSelectors.0.fieldSelectors.2",
        value: { field: "readOnly", equals: ["false"] },
      },
      {
        of: "trail",
        path: "advancedEventSelectors.0.fieldSelectors.2",
        value: { field: "resources.ARN", startsWiths: ["arn:aws:s3:::vault/"] },
      },
    ],
    unknown: { of: "trail", path: "advancedEventSelectors", value: UNKNOWN },
  },
  "AUD-03": {
    judged: "cluster",
    violations: [
      { of: "cluster", path: "enabledClusterLogTypes", value: ["api", "audit", "authenticator", "scheduler"] },
      { of: "cluster", path: "enabledClusterLogTypes" },
    ],
    unknown: { of: "cluster", path: "enabledClusterLogTypes", value: UNKNOWN },
  },
  "AUD-04": {
    judged: "vpc",
    violations: [
      { of: "flows", path: "" },
      { of: "flows", path: "trafficType", value: "REJECT" },
    ],
    unknown: { of: "flows", path: "trafficType", value: UNKNOWN },
  },
  "AUD-05": {
    judged: "log-group",
    violations: [
      { of: "log-group", path: "retentionInDays", value: 90 },
      { of: "log-group", path: "retentionInDays" },
    ],
    unknown: { of: "log-group", path: "retentionInDays", value: UNKNOWN },
  },
  "AUD-08": {
    judged: "detector",
    violations: [
      { of: "detector", path: "enable", value: false },
      { of: "detector", path: "findingPublishingFrequency", value: "SIX_HOURS" },
      { of: "alarm", path: "eventPattern", value: '{"detail":{"eventName":["StopLogging"]}}', judged: "alarm" },
      { of: "alarm", path: "state", value: "DISABLED", judged: "alarm" },
    ],
    unknown: { of: "detector", path: "enable", value: UNKNOWN },
  },
};
