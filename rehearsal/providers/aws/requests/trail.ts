import type { Properties } from "../../provider";
import type { Requests } from "./asked-kind";
import { firstAt, listAt, tagList, textAt } from "./wire";

const trail: Requests = {
  make: async (it) =>
    textAt(
      await it.make("cloudtrail", "CreateTrail", {
        Name: it.inputs.name,
        S3BucketName: it.inputs.s3BucketName,
        ...trailSettings(it.inputs),
        TagsList: tagList(it.inputs),
      }),
      "TrailARN",
    ),
  put: async (it) => {
    const Name = it.id;
    if (it.before) {
      await it.ask("cloudtrail", "UpdateTrail", {
        Name,
        S3BucketName: it.inputs.s3BucketName,
        ...trailSettings(it.inputs),
      });
    }
    await it.ask("cloudtrail", it.inputs.enableLogging === false ? "StopLogging" : "StartLogging", { Name });
    const AdvancedEventSelectors = selectors(it.inputs);
    if (AdvancedEventSelectors.length) {
      await it.ask("cloudtrail", "PutEventSelectors", { TrailName: Name, AdvancedEventSelectors });
    }
  },
  look: async (it) => {
    const found = firstAt(await it.ask("cloudtrail", "DescribeTrails", { trailNameList: [it.id] }), "trailList");
    if (!found) return undefined;
    const status = await it.ask("cloudtrail", "GetTrailStatus", { Name: it.id });
    return {
      name: found.Name,
      s3BucketName: found.S3BucketName,
      isMultiRegionTrail: found.IsMultiRegionTrail,
      includeGlobalServiceEvents: found.IncludeGlobalServiceEvents,
      enableLogFileValidation: found.LogFileValidationEnabled,
      kmsKeyId: found.KmsKeyId,
      enableLogging: status.IsLogging,
      arn: found.TrailARN,
      homeRegion: found.HomeRegion,
    };
  },
  // By its name: moto knows a trail by nothing else here.
  remove: async ({ ask, inputs }) => void (await ask("cloudtrail", "DeleteTrail", { Name: inputs.name })),
};

const trailSettings = (inputs: Properties): Properties => {
  const names = {
    s3KeyPrefix: "S3KeyPrefix",
    snsTopicName: "SnsTopicName",
    includeGlobalServiceEvents: "IncludeGlobalServiceEvents",
    isMultiRegionTrail: "IsMultiRegionTrail",
    enableLogFileValidation: "EnableLogFileValidation",
    cloudWatchLogsGroupArn: "CloudWatchLogsLogGroupArn",
    cloudWatchLogsRoleArn: "CloudWatchLogsRoleArn",
    kmsKeyId: "KmsKeyId",
    isOrganizationTrail: "IsOrganizationTrail",
  };
  const entries = Object.entries(names).filter(([name]) => inputs[name] !== undefined);
  return Object.fromEntries(entries.map(([name, wire]) => [wire, inputs[name]!]));
};

const fields: Readonly<Record<string, string>> = {
  ...{ field: "Field", equals: "Equals", notEquals: "NotEquals", startsWiths: "StartsWith", endsWiths: "EndsWith" },
  ...{ notStartsWiths: "NotStartsWith", notEndsWiths: "NotEndsWith" },
};

const selectors = (inputs: Properties): Properties[] =>
  listAt(inputs, "advancedEventSelectors").map((selector) => ({
    ...(selector.name !== undefined && { Name: selector.name }),
    FieldSelectors: listAt(selector, "fieldSelectors").map((one) =>
      Object.fromEntries(Object.entries(one).map(([name, value]) => [fields[name] ?? name, value])),
    ),
  }));

export const trailRequests: Readonly<Record<string, Requests>> = { "aws:cloudtrail/trail:Trail": trail };
