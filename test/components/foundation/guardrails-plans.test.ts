import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataClass, dataClassNames } from "../../../components/data-classes";
import { alarms } from "../../../components/foundation/guardrails/alarms-plan";
import { planBackups } from "../../../components/foundation/guardrails/backups-plan";
import { planBudget } from "../../../components/foundation/guardrails/budget-plan";
import { conformanceTemplate } from "../../../components/foundation/guardrails/configuration-record-plan";
import { configurationRules } from "../../../components/foundation/guardrails/configuration-rules";
import { planDeliveries } from "../../../components/foundation/guardrails/deliveries-plan";
import { guardrailNames, recordBucket } from "../../../components/foundation/guardrails/guardrail-names";
import { planKeyUsage } from "../../../components/foundation/guardrails/key-usage-plan";
import { roleNameOf } from "../../../components/foundation/guardrails/posture-plan";
import {
  longestServiceControlPolicy,
  planServiceControlPolicies,
} from "../../../components/foundation/guardrails/service-control-plan";
import { planEventSelectors } from "../../../components/foundation/guardrails/trail-plan";
import { keyUses, planKeys } from "../../../components/foundation/keys/keys-plan";
import type { Place } from "../../../components/foundation/private-cloud/place";
import { bucketName, erasureDays } from "../../../components/foundation/storage/object-store-plan";
import catalogue from "../../../policies/catalogue.json";

const place: Place = { account: "111122223333", region: "eu-central-1", environment: "private-cloud" };
const administrators = ["arn:aws:iam::111122223333:role/platform-operators"];

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action?: string[];
  readonly NotAction?: string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}
const statementsOf = (policy: string) => (JSON.parse(policy) as { Statement: Statement[] }).Statement;

describe("the trail", () => {
  it("records every access to an object of every bucket, but for writes of the record itself", () => {
    const selectors = planEventSelectors(place, "example");
    const prefixes = selectors.flatMap(({ fieldSelectors }) =>
      fieldSelectors.flatMap(({ field, startsWiths = [] }) => (field === "resources.ARN" ? startsWiths : [])),
    );
    const buckets = [
      ...dataClassNames.map((name) => bucketName("example", "private-cloud", name)),
      recordBucket("example", "private-cloud"),
    ];
    expect(prefixes.sort()).toEqual(buckets.map((bucket) => `arn:aws:s3:::${bucket}/`).sort());
    const narrowed = selectors.filter(({ fieldSelectors }) => fieldSelectors.some(({ notEquals }) => notEquals));
    expect(narrowed.map(({ fieldSelectors }) => fieldSelectors.slice(2))).toEqual([
      [
        { field: "resources.ARN", startsWiths: ["arn:aws:s3:::example-private-cloud-audit/"] },
        { field: "eventName", notEquals: ["PutObject"] },
      ],
    ]);
  });

  it("writes into its own part of the audit bucket, and no other trail does", () => {
    const [looks, writes] = planDeliveries(place, "example").audit?.statements ?? [];
    const trail = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/cloister-private-cloud";
    expect(looks?.Condition?.StringEquals).toEqual({ "aws:SourceArn": trail });
    expect(writes?.Condition?.StringEquals).toMatchObject({ "aws:SourceArn": trail });
    expect(writes?.Resource).toBe("arn:aws:s3:::example-private-cloud-audit/cloudtrail/AWSLogs/111122223333/*");
  });
});

describe("the keys", () => {
  it("are used for this account alone: each statement is bound to a role, a resource or the account", () => {
    const usage = planKeyUsage(place);
    const statements = Object.values(usage).flat();
    expect(statements.length).toBeGreaterThan(0);
    for (const { Sid, Condition } of statements) {
      expect(JSON.stringify(Condition), Sid).toMatch(/aws:PrincipalArn|aws:SourceArn|aws:SourceAccount/);
    }
  });

  it("take the statements on beside their own", () => {
    const keys = planKeys({ place, administrators, logGroups: ["/x"], usage: planKeyUsage(place) });
    expect(keys.map(({ use }) => use)).toEqual(keyUses);
    expect(keys.find(({ use }) => use === "audit")?.policy).toContain("cloudtrail.amazonaws.com");
    expect(keys.find(({ use }) => use === "weights")?.policy).not.toContain("cloudtrail.amazonaws.com");
  });
});

describe("the conformance pack", () => {
  it("watches controls that the policy pack has, each rule once, within what AWS takes", () => {
    const known = catalogue.map(({ id }) => id);
    const strangers = configurationRules.flatMap(({ controls }) => controls.filter((id) => !known.includes(id)));
    expect(strangers).toEqual([]);
    const identifiers = configurationRules.map(({ identifier }) => identifier);
    expect(new Set(identifiers).size).toBe(identifiers.length);
    const { Resources } = JSON.parse(conformanceTemplate()) as { Resources: Record<string, unknown> };
    expect(Object.keys(Resources)).toHaveLength(identifiers.length);
    for (const name of Object.keys(Resources)) expect(name).toMatch(/^[A-Za-z0-9]+$/);
    expect(Buffer.byteLength(conformanceTemplate())).toBeLessThan(51_200);
  });

  it("hands parameters on as AWS names them", () => {
    const { Resources } = JSON.parse(conformanceTemplate()) as {
      Resources: Record<string, { Properties: Record<string, unknown> }>;
    };
    expect(Resources.CwLoggroupRetentionPeriodCheck?.Properties).toEqual({
      ConfigRuleName: "cw-loggroup-retention-period-check",
      Description: "Watches AUD-05",
      Source: { Owner: "AWS", SourceIdentifier: "CW_LOGGROUP_RETENTION_PERIOD_CHECK" },
      InputParameters: { MinRetentionTime: "365" },
    });
  });
});

it("tells a person when the trail is stopped, a key disabled or a finding made", () => {
  const all = alarms.map(({ pattern }) => pattern).join();
  for (const word of ["StopLogging", "DisableKey", "ScheduleKeyDeletion", "GuardDuty Finding", "UpdateDetector"]) {
    expect(all).toContain(`"${word}"`);
  }
});

describe("the budget", () => {
  it("follows the past where nobody named a limit, and never invents one", () => {
    const { limitAmount, autoAdjustData } = planBudget("platform@example.com");
    expect(limitAmount).toBeUndefined();
    expect(autoAdjustData).toMatchObject({ autoAdjustType: "HISTORICAL" });
  });

  it("is the named limit, told of before and when it is reached", () => {
    const { limitAmount, autoAdjustData, notifications } = planBudget("platform@example.com", 120_000);
    expect([limitAmount, autoAdjustData]).toEqual(["120000", undefined]);
    expect(notifications.map(({ notificationType, threshold }) => [notificationType, threshold])).toEqual([
      ["ACTUAL", 80],
      ["ACTUAL", 100],
      ["FORECASTED", 100],
    ]);
  });
});

describe("the backups", () => {
  it("are kept at least as long as their class is locked, and no longer than an erasure may take", () => {
    const { lock, keepDays } = planBackups();
    expect(lock.minRetentionDays).toBe(dataClass("backups").lock?.days);
    expect(keepDays).toBeGreaterThanOrEqual(lock.minRetentionDays);
    expect(keepDays).toBeLessThanOrEqual(lock.maxRetentionDays);
    expect(lock.maxRetentionDays).toBeLessThanOrEqual(erasureDays);
  });
});

describe("the service control policies", () => {
  const regions = fc.uniqueArray(fc.constantFrom("eu-central-1", "eu-west-1", "us-east-1", "us-gov-west-1"), {
    minLength: 1,
  });
  const roles = fc.array(fc.stringMatching(/^[a-z]{1,40}$/), { minLength: 1, maxLength: 20 });

  it("deny every region but the allowed ones, and fit in what AWS takes", () => {
    fc.assert(
      fc.property(regions, roles, (allowedRegions, names) => {
        const policies = planServiceControlPolicies({
          place,
          allowedRegions,
          administrators: names.map((name) => `arn:aws:iam::111122223333:role/${name}`),
        });
        for (const policy of Object.values(policies)) {
          expect(policy.length).toBeLessThanOrEqual(longestServiceControlPolicy);
          expect(statementsOf(policy).filter(({ Effect }) => Effect !== "Deny")).toEqual([]);
        }
        const [statement] = statementsOf(policies.regions);
        expect(statement?.Condition).toEqual({ StringNotEquals: { "aws:RequestedRegion": allowedRegions } });
        // What holds data answers in its region.
        const exempt = statement?.NotAction ?? [];
        expect(exempt.filter((action) => /^(\*|s3:\*|s3:(Get|Put)Object|ec2|kms|eks|ecr|rds)/.test(action))).toEqual(
          [],
        );
      }),
      { seed: 1 },
    );
  });

  it.each([
    "organizations:LeaveOrganization",
    "cloudtrail:StopLogging",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "kms:ScheduleKeyDeletion",
    "iam:CreateAccessKey",
  ])("deny %s to everybody", (action) => {
    const { guardrails } = planServiceControlPolicies({ place, allowedRegions: ["eu-central-1"], administrators });
    const denied = statementsOf(guardrails).filter(({ Action }) => Action?.includes(action));
    expect(denied.map(({ Condition }) => Condition)).toEqual([undefined]);
  });
});

it("names things within what AWS takes, for the longest environment", () => {
  const longest = { ...place, environment: "e".repeat(24) };
  const { roles, trail, backups } = guardrailNames(longest);
  for (const name of [...Object.values(roles), trail]) expect(name.length).toBeLessThanOrEqual(64);
  expect(backups.length).toBeLessThanOrEqual(50);
  expect(recordBucket("o".repeat(16), longest.environment).length).toBeLessThanOrEqual(63);
  for (const { suffix } of alarms) expect(`cloister-${longest.environment}-${suffix}`.length).toBeLessThanOrEqual(64);
  expect(roleNameOf("arn:aws:iam::111122223333:role/teams/operators")).toBe("operators");
});
