import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataClass, dataClassNames } from "../../../components/data-classes";
import {
  erasureDays,
  expiry,
  planObjectStore,
  type ObjectStorePlanArgs,
} from "../../../components/foundation/storage/object-store-plan";
import { storeCapabilities } from "../../../components/substrate";

const args: ObjectStorePlanArgs = {
  organisation: "example",
  environment: "on-prem",
  auditRetentionDays: 2190,
  capabilities: storeCapabilities,
  partition: "aws",
};
const plan = (name: string, changes: Partial<ObjectStorePlanArgs> = {}) => {
  const found = planObjectStore({ ...args, ...changes }).find((bucket) => bucket.dataClass === name);
  if (found === undefined) throw new Error(`no bucket for ${name}`);
  return found;
};
const statements = (policy: string | undefined) =>
  (JSON.parse(policy ?? "{}") as { Statement: { Sid: string; Effect: string; Resource: string[] }[] }).Statement;

describe("the buckets", () => {
  it("are one for each data class, named within what S3 allows", () => {
    const longest = { organisation: "o".repeat(16), environment: "e".repeat(24) };
    const plans = planObjectStore({ ...args, ...longest });
    expect(plans.map((bucket) => bucket.dataClass)).toEqual(dataClassNames);
    for (const { bucket } of plans) expect(bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  });

  it("lock the audit record for the longer of the environment's and the class's time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 183, max: 3653 }), (auditRetentionDays) => {
        const { lock, expireReplacedAfterDays } = plan("audit", { auditRetentionDays });
        expect(lock).toEqual({ mode: "COMPLIANCE", days: Math.max(2190, auditRetentionDays) });
        expect(expireReplacedAfterDays).toBeGreaterThanOrEqual(lock?.days ?? Infinity);
      }),
      { seed: 1 },
    );
  });

  it("never expire anything before its lock ends", () => {
    for (const { lock, expireAfterDays, expireReplacedAfterDays } of planObjectStore(args)) {
      expect(expireReplacedAfterDays).toBeGreaterThanOrEqual(lock?.days ?? 0);
      expect(expireAfterDays ?? Infinity).toBeGreaterThanOrEqual(lock?.days ?? 0);
    }
  });

  it("never let a lifecycle undercut a lock, whatever the class says", () => {
    const days = fc.integer({ min: 1, max: 3653 });
    fc.assert(
      fc.property(fc.option(days, { nil: undefined }), days, days, (expireAfterDays, replaced, locked) => {
        const planned = expiry(
          {
            ...(expireAfterDays === undefined ? {} : { expireAfterDays }),
            expireReplacedAfterDays: replaced,
          },
          locked,
        );
        expect(planned.expireReplacedAfterDays).toBe(Math.max(replaced, locked));
        expect(planned.expireAfterDays).toBe(
          expireAfterDays === undefined ? undefined : Math.max(expireAfterDays, locked),
        );
      }),
      { seed: 1 },
    );
  });

  it("put no personal data under a lock that nobody can lift, or that outlives an erasure", () => {
    const wrong = planObjectStore({ ...args, auditRetentionDays: 3653 }).filter(
      ({ dataClass: name, lock }) =>
        dataClass(name).personal && (lock?.mode === "COMPLIANCE" || (lock?.days ?? 0) > erasureDays),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the bucket policy", () => {
  it("refuses plain HTTP and old TLS, on the bucket and what is in it", () => {
    const [plaintext, oldTls] = statements(plan("raw").policy);
    expect(plaintext).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
      Resource: ["arn:aws:s3:::example-on-prem-raw", "arn:aws:s3:::example-on-prem-raw/*"],
    });
    expect(oldTls).toMatchObject({ Effect: "Deny", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } });
  });

  it("refuses to lift a lock, only where there is one", () => {
    const sids = (name: string) => statements(plan(name).policy).map(({ Sid }) => Sid);
    expect(sids("weights")).toContain("DenyUnlock");
    expect(sids("raw")).not.toContain("DenyUnlock");
    expect(statements(plan("weights").policy).find(({ Sid }) => Sid === "DenyUnlock")).not.toHaveProperty("Condition");
  });

  it("lets those who deploy change a lifecycle or lengthen a lock, where the store knows them", () => {
    const loosening = (changes: Partial<ObjectStorePlanArgs>) =>
      statements(plan("audit", changes).policy).find(({ Sid }) => Sid === "DenyLoosening");
    expect(loosening({})).not.toHaveProperty("Condition");
    expect(loosening({ deployers: ["arn:aws:iam::111122223333:role/a"] })).toMatchObject({
      Condition: { ArnNotEquals: { "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/a"] } },
    });
  });

  it("refuses what is encrypted otherwise on AWS alone: no other store knows how a request is", () => {
    const sids = (changes: Partial<ObjectStorePlanArgs>) =>
      statements(plan("raw", changes).policy).map(({ Sid }) => Sid);
    expect(sids({})).toEqual(["DenyPlaintext", "DenyOldTls"]);
    expect(sids({ deliveries: {} })).toContain("DenyOtherEncryption");
    expect(sids({ deliveries: {}, capabilities: ["tls-only-policy"] })).toEqual(["DenyPlaintext", "DenyOldTls"]);
  });

  it("is absent where the store has no policies, and follows the partition where it has", () => {
    expect(plan("raw", { capabilities: ["versioning", "object-lock"] })).not.toHaveProperty("policy");
    expect(statements(plan("raw", { partition: "aws-us-gov" }).policy)[0]?.Resource[0]).toMatch(
      /^arn:aws-us-gov:s3:::/,
    );
  });
});
