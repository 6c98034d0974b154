import { describe, expect, test } from "vitest";
import { expectations, stackUrn, unmetExpectations } from "../../policies/expectations";
import { LedgerWriter } from "../../policies/evidence/ledger";
import { summarise, verdictsOf } from "../../policies/evidence/summary";
import type { State, Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { catalogued } from "../../policies/catalogue";

const names = { project: "cloister", stack: "prod-platform" };

/** As many verdicts of a state as each expectation of the platform asks for. */
const enough = (state: State): Verdict[] =>
  expectations
    .filter(({ layer }) => layer === "platform")
    .flatMap(({ rule, least, type = "t" }) =>
      Array.from({ length: typeof least === "number" ? least : 1 }, (_, index): Verdict => ({
        rule,
        urn: `urn:${index}`,
        type,
        state,
        message: "m",
      })),
    );

describe("what a stack cannot be without", () => {
  test("is asked of rules that there are, each once in a layer of a footprint", () => {
    // Of a rule that only advises, that the thing is judged would stop nobody: it has to be sound as well.
    for (const { rule, sound } of expectations)
      expect([rule, catalogued(rule).severity]).toEqual([
        rule,
        sound ? "medium" : expect.stringMatching(/critical|high/),
      ]);
    expect(expectations.filter(({ rule }) => !rules.some(({ id }) => id === rule))).toEqual([]);
    const places = expectations.flatMap(
      ({ layer, rule, type = "", footprints = ["private-cloud", "colocation", "on-prem"] }) =>
        footprints.map((footprint) => `${layer} ${footprint} ${rule} ${type}`),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  test("is missed where the rule judged nothing, and not where it judged enough, whatever it found, if it is not to be sound", () => {
    const settings = { footprint: "on-prem" } as const;
    expect(unmetExpectations(settings, names, enough("pass"))).toEqual([]);
    expect(unmetExpectations(settings, names, enough("fail")).map(({ rule }) => rule)).toEqual(["AI-10"]);
    const vacuous = unmetExpectations(settings, names, enough("notApplicable"));
    expect(vacuous.map(({ rule }) => rule)).toEqual([
      "NET-01",
      "NET-02",
      "NET-09",
      "NET-10",
      "NET-11",
      "SUP-01",
      "SUP-02",
      "AI-03",
      "AI-10",
    ]);
    expect(vacuous[0]).toMatchObject({ state: "fail", urn: stackUrn("cloister", "prod-platform") });
    expect(vacuous[0]?.message).toBe(
      "a namespace for each zone: the rule judged 0 of at least 5 that the platform of on-prem has",
    );
  });

  test("is missed where what only advises failed, if the account were blind by it", () => {
    const detector = (state: State): Verdict => ({
      rule: "AUD-08",
      urn: "urn:detector",
      type: "aws:guardduty/detector:Detector",
      state,
      message: "m",
    });
    const missed = (state: State) =>
      unmetExpectations({ footprint: "private-cloud" }, { project: "cloister", stack: "prod-foundation" }, [
        detector(state),
      ]).filter(({ message }) => message.startsWith("a detector that is on: the rule passed 0 of at least 1"));
    expect(missed("fail")).toHaveLength(1);
    expect(missed("notApplicable")).toHaveLength(1);
    for (const state of ["pass", "open", "waived"] as const) expect(missed(state)).toEqual([]);
  });

  test("is asked of no stack that is no layer, and of none whose footprint nobody told", () => {
    expect(unmetExpectations({}, names, [])).toEqual([]);
    expect(unmetExpectations({ footprint: "on-prem" }, { ...names, stack: "test" }, [])).toEqual([]);
  });

  test("asks a cloud for its trail, and a site for none", () => {
    const missed = (footprint: "private-cloud" | "on-prem") =>
      unmetExpectations({ footprint }, { project: "cloister", stack: "prod-foundation" }, []).map(({ rule }) => rule);
    expect(missed("private-cloud")).toContain("AUD-01");
    expect(missed("on-prem")).not.toContain("AUD-01");
    expect(missed("on-prem")).toContain("IMM-01");
  });

  test("keeps an emptied stack from passing", () => {
    const writer = new LedgerWriter(rules, { version: "0.1.0", sha256: "ab".repeat(32) }, "analysis");
    writer.settings = { footprint: "private-cloud" };
    const urn = stackUrn("cloister", "prod-foundation");
    writer.see({ urn, type: "pulumi:pulumi:Stack", name: "cloister-prod-foundation", props: {}, protect: false });
    expect(writer.ledger().verdicts.filter(({ state }) => state === "fail")).toEqual([]);
    writer.complete = true;
    const ledger = writer.ledger();
    expect(verdictsOf([ledger], "critical", "fail").map(({ rule }) => rule)).toContain("IMM-01");
    const rulesMissed = expectations.filter(({ layer }) => layer === "foundation").map(({ rule }) => rule);
    expect(summarise([ledger]).fail).toBe(new Set(rulesMissed).size);
  });
});
