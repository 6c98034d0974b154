import { describe, expect, it } from "vitest";
import { catalogued } from "../../../policies/catalogue";
import { defaultFrameworks, parametersOf } from "../../../policies/controls/parameters";
import { isNamed } from "../../../policies/controls/selection";
import { transferWrong } from "../../../policies/controls/transfers";
import { frameworks } from "../../../policies/frameworks";
import { examine } from "../../../policies/examination";
import type { Properties, Rule } from "../../../policies/rule";
import { aud05 } from "../../../policies/rules/audit/AUD-05";
import { enc05 } from "../../../policies/rules/encryption/ENC-05";
import { iam03 } from "../../../policies/rules/identity/IAM-03";
import { imm02 } from "../../../policies/rules/immutability/IMM-02";
import { res01 } from "../../../policies/rules/data-residency/RES-01";
import { res02 } from "../../../policies/rules/data-residency/RES-02";
import type { Settings } from "../../../policies/settings";

describe("the parameters of an environment's frameworks", () => {
  it("are the strictest of those it names, with who asked", () => {
    const locked = (...keys: string[]) => parametersOf(keys).auditLockLeast;
    expect(locked("gdpr").value).toBe(183);
    expect(locked("gdpr").framework).toBeUndefined();
    expect(locked("pci-dss")).toEqual({
      value: 365,
      framework: "pci-dss",
      source: "PCI DSS 4.0.1 10.5.1, twelve months",
    });
    expect(locked("pci-dss", "hipaa").value).toBe(2190);
    expect(locked("hipaa", "pci-dss").source).toBe("HIPAA 45 CFR 164.316(b)(2)(i), six years");
  });

  it("are those of the four whole frameworks where an environment names none", () => {
    expect(parametersOf()).toEqual(parametersOf(defaultFrameworks));
    expect(parametersOf().auditLockLeast.value).toBe(2190);
  });

  it("are never softer for a framework more, and name a source each", () => {
    const bare = parametersOf([]);
    for (const { key } of frameworks) {
      for (const [parameter, { value, source }] of Object.entries(parametersOf([key]))) {
        const before = bare[parameter as keyof typeof bare].value;
        expect(parameter.endsWith("Least") ? value >= before : value <= before, `${key} ${parameter}`).toBe(true);
        // The page of evidence makes a list of what stands between semicolons.
        expect(source).toMatch(/^[^;]+$/);
      }
    }
  });

  it.each([
    ["logLeast", "pci-dss", "PCI DSS 4.0.1 10.5.1"],
    ["keyRotationMost", "pci-dss", "PCI DSS 4.0.1 3.7.4"],
    ["secretRotationMost", "pci-dss", "PCI DSS 4.0.1 8.6.3"],
    ["erasureMost", "gdpr", "GDPR article 12(3)"],
  ] as const)("tell of %s that %s asks, where that is among them", (parameter, framework, source) => {
    expect(parametersOf([framework])[parameter]).toMatchObject({ framework, source: expect.stringContaining(source) });
    expect(parametersOf([])[parameter]).toMatchObject({ source: expect.stringContaining("the kit's own") });
  });
});

describe("a rule", () => {
  it("is beyond what an environment names where it supports none of its frameworks", () => {
    const { supports } = catalogued("AVL-03");
    expect(Object.keys(supports)).not.toContain("hipaa");
    expect(isNamed(supports, ["hipaa"])).toBe(false);
    expect(isNamed(supports, ["hipaa", "nist-800-53"])).toBe(true);
    expect(isNamed(supports, undefined)).toBe(true);
  });
});

describe("a transfer of personal data", () => {
  const under = (region: string, settings: Settings = { frameworks: ["gdpr"] }) => transferWrong(region, settings);

  it("needs nothing more inside the European Economic Area and to countries with a decision", () => {
    for (const region of ["eu-central-1", "eusc-de-east-1", "eu-west-2", "eu-central-2", "sa-east-1", "us-east-1"])
      expect(under(region), region).toBeUndefined();
  });

  it("is refused elsewhere, for the GDPR and for nobody else", () => {
    expect(under("ap-south-1")).toContain("ap-south-1 is in IN, outside the European Economic Area");
    expect(under("ap-south-1", { frameworks: ["hipaa", "pci-dss"] })).toBeUndefined();
    expect(under("ap-south-1", {})).toContain("GDPR 44 and 45");
  });

  it("asks in which country a site is, and believes the environment", () => {
    expect(() => under("site")).toThrow('"regionCountries.site" is missing');
    expect(under("site", { frameworks: ["gdpr"], regionCountries: { site: "NL" } })).toBeUndefined();
    expect(under("site", { frameworks: ["gdpr"], regionCountries: { site: "SG" } })).toContain("site is in SG");
  });
});

describe("a rule that reads a parameter", () => {
  const judge = (rule: Rule, type: string, props: Properties, settings: Settings) =>
    examine(rule, { urn: "urn:pulumi:x", type, name: "x", props, protect: false }, { settings, resources: [] });
  const lock = (days: number) => ({ rule: { defaultRetention: { mode: "COMPLIANCE", days } } });
  const lockType = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";

  it.each([
    [{ frameworks: ["hipaa", "pci-dss"] }, 2189, "HIPAA 45 CFR 164.316(b)(2)(i)"],
    [{ frameworks: ["pci-dss"] }, 364, "PCI DSS 4.0.1 10.5.1"],
    [{ frameworks: ["gdpr"] }, 182, "the kit's own"],
  ])("IMM-02 says who asked for a longer lock: %o", (settings, days, source) => {
    expect(judge(imm02, lockType, lock(days), settings)).toMatchObject({
      state: "fail",
      message: expect.stringContaining(source),
    });
    expect(judge(imm02, lockType, lock(days + 1), settings).state).toBe("pass");
  });

  it.each([
    ["AUD-05", aud05, "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 364 }, "PCI DSS 4.0.1 10.5.1"],
    ["AUD-05", aud05, "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 3654 }, "at most 3653"],
    ["ENC-05", enc05, "aws:kms/key:Key", { enableKeyRotation: true, rotationPeriodInDays: 366 }, "3.7.4"],
    ["ENC-05", enc05, "aws:kms/key:Key", { enableKeyRotation: true, deletionWindowInDays: 29 }, "the longest that"],
    ["ENC-05", enc05, "tls:index/locallySignedCert:LocallySignedCert", { validityPeriodHours: 399 * 24 }, "398"],
    ["IAM-03", iam03, "aws:iam/role:Role", { maxSessionDuration: 43_201, assumeRolePolicy: "{}" }, "twelve hours"],
  ])("%s tells where a number comes from", (_id, rule, type, props, source) => {
    const { state, message } = judge(rule, type, props, {});
    expect({ state, told: message.includes(source) }, message).toEqual({ state: "fail", told: true });
  });

  it("RES-01 and RES-02 refuse an allowed region to which the GDPR lets nothing go", () => {
    const settings = { frameworks: ["gdpr"], allowedRegions: ["ap-south-1"] };
    const replica = "aws:kms/replicaKey:ReplicaKey";
    for (const rule of [res01, res02]) {
      expect(judge(rule, replica, { region: "ap-south-1" }, settings)).toMatchObject({
        state: "fail",
        message: expect.stringContaining("without an adequacy decision"),
      });
      expect(judge(rule, replica, { region: "ap-south-1" }, { ...settings, frameworks: ["hipaa"] }).state).toBe("pass");
    }
  });
});
