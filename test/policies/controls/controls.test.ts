import { describe, expect, it } from "vitest";
import { catalogue } from "../../../policies/catalogue";
import { controlOf, controlsOf, isComplete } from "../../../policies/controls";
import { frameworks } from "../../../policies/frameworks";

const keys = frameworks.map(({ key }) => key);
const complete = keys.filter(isComplete);

/** Ids of the catalogue's controls of a framework. */
const borneOn = (key: string): string[] => [...new Set(catalogue.flatMap(({ supports }) => supports[key] ?? []))];

const numbered = (pattern: RegExp, key: string) =>
  controlsOf(key).flatMap(({ id }) => [...id.matchAll(pattern)].map(([, number]) => number));

describe("the lists of controls", () => {
  it("are of every framework that rules name, and four are complete", () => {
    const named = new Set(catalogue.flatMap(({ supports }) => Object.keys(supports)));
    expect([...named].filter((key) => !keys.includes(key))).toEqual([]);
    expect(complete).toEqual(["gdpr", "hipaa", "pci-dss", "nist-800-53"]);
    expect(() => controlsOf("soc-2")).toThrow('no controls of "soc-2"');
  });

  it.each(keys)("of %s hold every control that a rule supports, once, with a title", (key) => {
    const ids = controlsOf(key).map(({ id }) => id);
    expect(borneOn(key).filter((id) => controlOf(key, id) === undefined)).toEqual([]);
    expect(ids).toEqual([...new Set(ids)]);
    expect(controlsOf(key).filter(({ title, parties }) => title === "" || parties.length === 0)).toEqual([]);
  });

  it.each(keys)("of %s say `beyond` exactly where no rule bears, and what remains but where nothing does", (key) => {
    const bearing = borneOn(key);
    const reaching = controlsOf(key).filter(({ coverage }) => coverage !== "beyond");
    expect(reaching.map(({ id }) => id).filter((id) => !bearing.includes(id))).toEqual([]);
    expect(bearing.length).toBe(reaching.length);
    const silent = controlsOf(key).filter(({ remains }) => remains === undefined);
    expect(silent.filter(({ coverage }) => coverage !== "supported")).toEqual([]);
    expect(silent).toEqual(controlsOf(key).filter(({ coverage }) => coverage === "supported"));
  });

  it("hold each of the 99 articles of the GDPR", () => {
    const articles = new Set(numbered(/^(\d+)/g, "gdpr"));
    expect(articles).toEqual(new Set(Array.from({ length: 99 }, (_, index) => `${index + 1}`)));
  });

  it("hold the five sections of HIPAA's Security Rule, their 22 standards and 46 specifications", () => {
    expect(new Set(numbered(/^164\.(\d+)/g, "hipaa"))).toEqual(new Set(["308", "310", "312", "314", "316"]));
    const graded = (grade: string) => controlsOf("hipaa").filter(({ title }) => title.endsWith(`(${grade})`)).length;
    expect([graded("standard"), graded("addressable"), graded("required")]).toEqual([22, 22, 24]);
  });

  it("hold the twelve requirements of PCI DSS and its three appendices", () => {
    const requirements = [...new Set(numbered(/^(A?\d+)/g, "pci-dss"))];
    expect(requirements).toEqual([...Array.from({ length: 12 }, (_, index) => `${index + 1}`), "A1", "A2", "A3"]);
    expect(controlsOf("pci-dss").length).toBe(250 + 3);
  });

  it("hold the twenty families of NIST SP 800-53 and none that was withdrawn", () => {
    const families = [...new Set(numbered(/^([A-Z]{2})-/g, "nist-800-53"))];
    expect(families).toEqual("AC AT AU CA CM CP IA IR MA MP PE PL PM PS PT RA SA SC SI SR".split(" "));
    const withdrawn =
      "AC-13 AC-15 AT-5 AU-15 CA-4 CP-5 IR-10 PE-7 PL-3 PL-5 PL-6 RA-4 SA-6 SA-7 SA-12 SA-13 SA-14 SA-18 SA-19 SC-9 SC-14 SC-19 SC-33 SI-9";
    expect(withdrawn.split(" ").filter((id) => controlOf("nist-800-53", id))).toEqual([]);
    expect(controlsOf("nist-800-53").filter(({ id }) => !id.includes("(")).length).toBe(300);
  });
});
