import { describe, expect, test } from "vitest";
import { catches } from "../../../policies/reading/event-pattern";

const event = {
  source: "aws.kms",
  "detail-type": "AWS API Call via CloudTrail",
  detail: { eventName: "DisableKey", severity: 5, regions: ["eu-central-1", "eu-west-1"] },
};

describe("an event pattern", () => {
  test.each([
    [{}, true],
    [{ source: ["aws.kms"] }, true],
    [{ source: ["aws.s3"] }, false],
    [{ source: [] }, false],
    [{ source: ["aws.kms"], detail: { eventName: ["EnableKey"] } }, false],
    [{ detail: { eventName: ["EnableKey", { prefix: "Disable" }] } }, true],
    [{ detail: { eventName: [{ suffix: "Key" }] } }, true],
    [{ detail: { eventName: [{ wildcard: "D*Key" }] } }, true],
    [{ detail: { eventName: [{ wildcard: "D*Keys" }] } }, false],
    [{ detail: { eventName: [{ "equals-ignore-case": "disablekey" }] } }, true],
    [{ detail: { eventName: [{ "anything-but": ["DisableKey"] }] } }, false],
    [{ detail: { eventName: [{ "anything-but": { prefix: "Enable" } }] } }, true],
    [{ detail: { errorCode: [{ exists: false }] } }, true],
    [{ detail: { errorCode: [{ exists: true }] } }, false],
    [{ detail: { severity: [{ numeric: [">=", 4] }] } }, true],
    [{ detail: { severity: [{ numeric: [">", 5, "<=", 9] }] } }, false],
    [{ detail: { severity: [{ numeric: [4] }] } }, false],
    [{ detail: { regions: ["eu-west-1"] } }, true],
    [{ other: { deep: ["x"] } }, false],
    [{ $or: [{ source: ["aws.s3"] }, { detail: { severity: [5] } }] }, true],
  ])("%j catches it: %s", (pattern, caught) => {
    expect(catches(pattern, event)).toBe(caught);
  });

  test("says of an operator it does not know that what it catches is not known", () => {
    expect(() => catches({ detail: { eventName: [{ cidr: "10.0.0.0/8" }] } }, event)).toThrow('"cidr"');
  });
});
