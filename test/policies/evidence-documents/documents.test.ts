import { describe, expect, it } from "vitest";
import { catalogue } from "../../../policies/catalogue";
import { evidenceFiles } from "../../../policies/evidence/attested-names";
import { csv } from "../../../policies/evidence/csv";
import { oscal } from "../../../policies/evidence/oscal";
import { componentDefinition, rulesByComponent } from "../../../policies/evidence/oscal-components";
import { inputsSha256, planDocument } from "../../../policies/evidence/plan-document";
import { sarif } from "../../../policies/evidence/sarif";
import { timeFields, timeless, withoutTimes } from "../../../policies/evidence/time-fields";
import { evidenceDocuments } from "../../../scripts/evidence/write-evidence-set";
import { exampleInput, examplePlan, hostile, urnOf } from "./example-run";

/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument -- documents have no types here. */
/* eslint-disable @typescript-eslint/no-explicit-any */

const input = exampleInput("2026-02-01");
const run = JSON.parse(sarif(input)).runs[0];
const results = JSON.parse(oscal(input))["assessment-results"];
const [result] = results.results;
const named = (list: { name: string; value: string }[], name: string) =>
  list.find((property) => property.name === name)?.value;

describe("SARIF", () => {
  it("tells each of the six states in its own kind", () => {
    const kinds = run.results.map(({ kind, properties }: any) => `${properties.state} ${kind}`);
    expect([...new Set(kinds)].sort()).toEqual([
      "fail fail",
      "notApplicable notApplicable",
      "notEvaluated review",
      "open open",
      "pass pass",
      "waived fail",
    ]);
  });

  it("says who accepted a failure, why and until when", () => {
    const waived = run.results.filter(({ suppressions }: any) => suppressions !== undefined);
    expect(waived).toHaveLength(1);
    expect(waived[0]).toMatchObject({
      ruleId: "NET-12",
      level: "error",
      suppressions: [
        {
          kind: "external",
          status: "accepted",
          justification: expect.stringMatching(/^W-1: The pods are replaced/),
          properties: { owner: "owner@example.com", approver: "approver@example.com", expires: "2026-03-31" },
        },
      ],
    });
  });

  it("suppresses nothing for a waiver that does not count, and says so", () => {
    const expired = run.results.find(({ ruleId, message }: any) => ruleId === "NET-12" && /W-2/.test(message.text));
    expect(expired).toMatchObject({
      kind: "fail",
      message: { text: expect.stringContaining("it expired on 2025-12-31") },
    });
    expect(expired.suppressions).toBeUndefined();
    expect(run.invocations[0].toolConfigurationNotifications).toMatchObject([
      { level: "error", message: { text: expect.stringContaining("W-2 does not count (expired)") } },
    ]);
  });

  it("states the population, and what was changed without the gate", () => {
    expect(run.invocations).toMatchObject([
      {
        executionSuccessful: true,
        properties: { stack: "example-platform", resources: 5, evaluated: 4, opaque: [], planSha256: "ef".repeat(32) },
        toolExecutionNotifications: [{ message: { text: expect.stringContaining("without the gate") } }],
      },
    ]);
  });

  it("names taxonomies by edition, and defines every control that a rule relates to", () => {
    expect(run.taxonomies).toContainEqual(expect.objectContaining({ name: "pci-dss", version: "4.0.1" }));
    for (const { relationships } of run.tool.driver.rules) {
      for (const { target } of relationships) {
        const taxonomy = run.taxonomies[target.toolComponent.index];
        expect(taxonomy).toMatchObject({ name: target.toolComponent.name, guid: target.toolComponent.guid });
        expect(taxonomy.taxa).toContainEqual(
          expect.objectContaining({ id: target.id, shortDescription: { text: expect.stringMatching(/\.$/) } }),
        );
      }
    }
  });

  it("gives every result a place and a name that lasts", () => {
    const prints = run.results.map(({ partialFingerprints }: any) => partialFingerprints["ruleAndResource/v1"]);
    expect(new Set(prints).size).toBe(prints.length);
    expect(run.results.every(({ locations }: any) => locations[0].physicalLocation.region.startLine === 1)).toBe(true);
  });

  it("leaves out what is no alert where a scanner takes everything for one", () => {
    const alerts = JSON.parse(sarif(input, { alertsOnly: true })).runs[0];
    expect(alerts.results.map(({ properties }: any) => properties.state).sort()).toEqual(["fail", "fail", "open"]);
    expect(alerts.tool.driver.rules).toHaveLength(catalogue.length);
  });
});

describe("OSCAL assessment results", () => {
  it("take an accepted failure for a deviation with an end, and any other for an open risk", () => {
    expect(result.risks.map(({ status }: any) => status).sort()).toEqual(["deviation-approved", "open", "open"]);
    const [deviation] = result.risks.filter(({ status }: any) => status === "deviation-approved");
    expect(deviation).toMatchObject({
      title: "Waiver W-1",
      statement: expect.stringContaining("The pods are replaced"),
      deadline: "2026-03-31T23:59:59Z",
      "mitigating-factors": [{ description: "The zone's network policy lets nothing in" }],
    });
    expect(named(deviation.props, "approver")).toBe("approver@example.com");
    expect(result.risks.filter(({ status }: any) => status === "open")[0].remediations).toHaveLength(1);
  });

  it("never call a control satisfied that has a failed, waived or undecided check", () => {
    const byState = (state: string) =>
      result.observations
        .filter(({ props }: any) => named(props, "result") === state)
        .map(({ uuid }: any) => uuid as string);
    for (const { target, "related-observations": related } of result.findings) {
      const mine = related.map((one: any) => one["observation-uuid"]);
      const any = (state: string) => byState(state).some((uuid: string) => mine.includes(uuid));
      const expected =
        any("fail") || any("waived")
          ? { state: "not-satisfied", reason: "fail" }
          : any("open")
            ? { state: "not-satisfied", reason: "other" }
            : { state: "satisfied", reason: "pass" };
      expect(target.status).toMatchObject(expected);
    }
    expect(new Set(result.findings.map(({ target }: any) => target.status.reason))).toEqual(
      new Set(["pass", "fail", "other"]),
    );
  });

  it("name controls in words", () => {
    const titles = result.findings.map(({ title }: any) => title as string);
    expect(titles).toContainEqual(expect.stringMatching(/^SI-7 \w+/));
    expect(titles.filter((title: string) => !/^[A-Z]{2}-\d+(\(\d+\))? \w/.test(title))).toEqual([]);
  });

  it("lead from an observation to the verdict and the hash of what was read", () => {
    const observation = result.observations.find(({ title }: any) => title === "NET-11");
    const [evidence] = observation["relevant-evidence"];
    expect(evidence.href).toMatch(/^evidence\.html#verdict=NET-11@[0-9a-f]{10}$/);
    expect(named(evidence.props, "inputs-sha256")).toMatch(/^[0-9a-f]{64}$/);
    const page = evidenceDocuments({ input, plan: examplePlan }).get(evidenceFiles.html)!;
    expect(page).toContain(`id="${evidence.href.split("#")[1]}"`);
  });

  it("refer to nothing that they do not define, and define nothing twice", () => {
    const defined: string[] = [];
    const referred: string[] = [];
    const visit = (value: unknown, key: string): void => {
      if (Array.isArray(value)) value.forEach((item) => visit(item, key));
      else if (value instanceof Object) for (const [name, inner] of Object.entries(value)) visit(inner, name);
      else if (key === "uuid") defined.push(value as string);
      else if (key.endsWith("-uuid")) referred.push(value as string);
    };
    visit(results, "");
    expect(new Set(defined).size).toBe(defined.length);
    expect(referred.filter((uuid) => !defined.includes(uuid))).toEqual([]);
    expect(defined).toContain(results["import-ap"].href.slice(1));
  });

  it("say that nothing was judged where nothing was", () => {
    const { results: none } = JSON.parse(oscal({ ...input, ledgers: [] }))["assessment-results"];
    expect(none).toMatchObject([{ title: "nothing judged", start: input.generatedAt }]);
  });
});

describe("the OSCAL component definition", () => {
  const { components } = JSON.parse(componentDefinition(input))["component-definition"];

  it("ties each component to the rules that judged what it makes, and these to their controls", () => {
    expect([...rulesByComponent(input.ledgers[0]!.verdicts)]).toEqual([
      ["cloister:index:Workload", ["NET-11", "NET-12", "SUP-01", "SUP-02"]],
    ]);
    const [workload] = components;
    expect(workload).toMatchObject({ type: "software", title: "Workload" });
    const requirements = workload["control-implementations"][0]["implemented-requirements"];
    const supported = requirements.find((one: any) => one["control-id"] === "si-7");
    expect(supported.props).toContainEqual(expect.objectContaining({ name: "Rule_Id", value: "SUP-01" }));
  });

  it("lists every rule as a check of the pack", () => {
    const pack = components.at(-1);
    expect(pack).toMatchObject({ type: "validation", title: "cloister-policies" });
    const checks = pack.props.filter(({ name }: any) => name === "Check_Id").map(({ value }: any) => value as string);
    expect(checks).toContain("SUP-01");
    expect(new Set(checks).size).toBe(checks.length);
  });
});

describe("CSV", () => {
  it("lets no spreadsheet take what was found for a formula", () => {
    const text = csv(input);
    expect(hostile.startsWith("=")).toBe(true);
    expect(text).toContain(`"'=cmd(""|' /C calc'!A0""),\r\n</script><b>""quoted""</b> — ü"`);
    for (const begin of ["=", "+", "-", "@", "\t"]) {
      const [ledger] = input.ledgers;
      const verdicts = [{ rule: "SUP-01", urn: urnOf("a"), type: "", state: "fail", message: `${begin}1` } as const];
      expect(csv({ ...input, ledgers: [{ ...ledger!, verdicts }] })).toContain(`,'${begin}1,`);
    }
  });
});

describe("the plan", () => {
  it("is the same in whatever order the engine told it, and other when any input is", () => {
    const text = planDocument("example", examplePlan);
    expect(planDocument("example", [...examplePlan].reverse())).toBe(text);
    const [first, ...rest] = examplePlan;
    const changed = { ...first!, inputsSha256: inputsSha256(first!.type, { name: "other" }) };
    expect(planDocument("example", [changed, ...rest])).not.toBe(text);
  });

  it("does not hang on where this machine keeps a file, nor on the order of keys", () => {
    const provider = "pulumi:providers:kubernetes";
    expect(inputsSha256(provider, { context: "a", kubeconfig: "/one" })).toBe(
      inputsSha256(provider, { kubeconfig: "/other", context: "a" }),
    );
    expect(inputsSha256(provider, { context: "b" })).not.toBe(inputsSha256(provider, { context: "a" }));
    expect(inputsSha256("x", { kubeconfig: "/one" })).not.toBe(inputsSha256("x", { kubeconfig: "/other" }));
  });
});

describe("two runs over the same plan", () => {
  const previous = { generatedAt: "2026-01-30T09:00:00.000Z", ledgers: [] };
  const documentsOf = (day: string) => evidenceDocuments({ input: exampleInput(day), plan: examplePlan }, previous);
  const [first, second] = [documentsOf("2026-02-01"), documentsOf("2026-02-07")];

  it.each(Object.values(evidenceFiles))("differ in the declared time fields of %s alone", (name) => {
    expect(withoutTimes(name, second.get(name)!)).toBe(withoutTimes(name, first.get(name)!));
    // What is declared without a time is the same as it stands; what is declared with one has one.
    const hasTimes = timeFields[name].length > 0;
    expect(second.get(name) !== first.get(name)).toBe(hasTimes);
    expect(documentsOf("2026-02-01").get(name)).toBe(first.get(name));
  });

  it("are told apart where they found something else", () => {
    const other = exampleInput("2026-02-07", { outcome: "planned" });
    expect(timeless(other)).not.toEqual(timeless(exampleInput("2026-02-07")));
    const documents = evidenceDocuments({ input: other, plan: examplePlan }, previous);
    for (const name of [evidenceFiles.html, evidenceFiles.sarif, evidenceFiles.oscal]) {
      expect(withoutTimes(name, documents.get(name)!)).not.toBe(withoutTimes(name, first.get(name)!));
    }
  });
});
