import { arnOf, exactlyOne, text } from "../definition";
import type { Definitions } from "../definition";
import { arn, between, either, json, matching, oneOf, policy } from "../rules";

const mail = matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "a mail address");
const switched = oneOf("ENABLED", "DISABLED");

/** Stand-ins for what watches and what tells a person: GuardDuty, the access analyzer, topics, events and budgets. */
export const watchKinds: Definitions = {
  "aws:guardduty/detector:Detector": {
    defaults: { enable: true },
    rules: { findingPublishingFrequency: oneOf("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS") },
    id: ({ digits }) => digits(32),
    outputs: (resource) => ({
      accountId: resource.scope.account,
      arn: arnOf(resource, "guardduty", `detector/${resource.id}`),
    }),
  },
  "aws:guardduty/detectorFeature:DetectorFeature": {
    replaceOn: ["detectorId", "name"],
    rules: {
      name: oneOf(
        ...["S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS"],
        ...["EKS_RUNTIME_MONITORING", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING"],
      ),
      status: switched,
      "additionalConfigurations[*].name": oneOf(
        ...["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"],
      ),
      "additionalConfigurations[*].status": switched,
    },
    id: ({ inputs }) => `${text(inputs, "detectorId")}/${text(inputs, "name")}`,
  },
  "aws:accessanalyzer/analyzer:Analyzer": {
    defaults: { type: "ACCOUNT" },
    replaceOn: ["analyzerName", "type"],
    rules: {
      analyzerName: matching(/^[A-Za-z][\w.-]{0,254}$/, "a letter, then letters, digits, . _ or -"),
      type: oneOf(
        ...["ACCOUNT", "ORGANIZATION", "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_UNUSED_ACCESS"],
        ...["ACCOUNT_INTERNAL_ACCESS", "ORGANIZATION_INTERNAL_ACCESS"],
      ),
    },
    id: ({ inputs }) => text(inputs, "analyzerName"),
    outputs: (resource) => ({ arn: arnOf(resource, "access-analyzer", `analyzer/${resource.id}`) }),
  },
  "aws:sns/topic:Topic": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^[\w-]{1,256}(\.fifo)?$/, "1 to 256 letters, digits, _ or -"),
    },
    replaceOn: ["name", "namePrefix", "fifoTopic"],
    rules: { policy, signatureVersion: oneOf(1, 2), tracingConfig: oneOf("Active", "PassThrough") },
    id: (resource) => arnOf(resource, "sns", text(resource.inputs, "name")),
    outputs: ({ id, scope }) => ({ arn: id, owner: scope.account }),
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    replaceOn: ["arn"],
    rules: { arn: arn("sns"), policy },
    id: ({ inputs }) => text(inputs, "arn"),
    outputs: ({ scope }) => ({ owner: scope.account }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    defaults: { rawMessageDelivery: false },
    replaceOn: ["topic", "protocol", "endpoint"],
    rules: {
      topic: arn("sns"),
      protocol: oneOf(...["email", "email-json", "sms", "sqs", "lambda", "firehose", "application", "http", "https"]),
    },
    alsoCheck: ({ protocol, endpoint }) => {
      const allowed = protocol === "email" && endpoint !== undefined ? mail(endpoint) : undefined;
      return allowed === undefined ? [] : [{ property: "endpoint", reason: `must be ${allowed}` }];
    },
    id: (resource) => `${text(resource.inputs, "topic")}:${resource.digits(32)}`,
    outputs: ({ id, inputs, scope }) => ({
      arn: id,
      ownerId: scope.account,
      confirmationWasAuthenticated: false,
      // A person answers the first mail; until then the subscription waits.
      pendingConfirmation: inputs.protocol === "email",
    }),
  },
  "aws:cloudwatch/eventRule:EventRule": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^[\w.-]{1,64}$/, "1 to 64 letters, digits, . _ or -"),
    },
    defaults: { eventBusName: "default" },
    replaceOn: ["name", "namePrefix", "eventBusName"],
    rules: {
      eventPattern: either(json, matching(/^$/, "a JSON document")),
      state: oneOf("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
      roleArn: arn("iam"),
      description: matching(/^.{0,512}$/s, "at most 512 characters"),
    },
    alsoCheck: ({ eventPattern, scheduleExpression }) =>
      eventPattern === undefined && scheduleExpression === undefined
        ? exactlyOne({}, "eventPattern", "scheduleExpression")
        : [],
    id: ({ inputs }) => text(inputs, "name"),
    outputs: (resource) => ({ arn: arnOf(resource, "events", `rule/${resource.id}`) }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    defaults: { eventBusName: "default" },
    replaceOn: ["rule", "targetId", "eventBusName"],
    rules: { arn: arn(), targetId: matching(/^[.\-_A-Za-z0-9]{1,64}$/, "1 to 64 letters, digits, . _ or -") },
    id: ({ inputs }) => `${text(inputs, "rule")}-${text(inputs, "targetId")}`,
  },
  "aws:budgets/budget:Budget": {
    name: {
      property: "name",
      prefixProperty: "namePrefix",
      rule: matching(/^[^:\\]{1,100}$/, "1 to 100 characters without : or \\"),
    },
    replaceOn: ["name", "namePrefix", "accountId"],
    rules: {
      budgetType: oneOf("COST", "USAGE", "RI_UTILIZATION", "RI_COVERAGE"),
      timeUnit: oneOf("MONTHLY", "QUARTERLY", "ANNUALLY", "DAILY"),
      limitAmount: matching(/^\d+(\.\d+)?$/, "a number, as a string"),
      "autoAdjustData.autoAdjustType": oneOf("HISTORICAL", "FORECAST"),
      "autoAdjustData.historicalOptions.budgetAdjustmentPeriod": between(1, 60, "periods"),
      "notifications[*].comparisonOperator": oneOf("LESS_THAN", "EQUAL_TO", "GREATER_THAN"),
      "notifications[*].notificationType": oneOf("ACTUAL", "FORECASTED"),
      "notifications[*].thresholdType": oneOf("PERCENTAGE", "ABSOLUTE_VALUE"),
      "notifications[*].subscriberEmailAddresses[*]": mail,
    },
    alsoCheck: (inputs) => exactlyOne(inputs, "limitAmount", "autoAdjustData", "plannedLimits"),
    id: ({ inputs, scope }) => `${text(inputs, "accountId") || scope.account}:${text(inputs, "name")}`,
    outputs: (resource) => ({
      accountId: text(resource.inputs, "accountId") || resource.scope.account,
      arn: `arn:${resource.scope.partition}:budgets::${resource.scope.account}:budget/${text(resource.inputs, "name")}`,
    }),
  },
};
