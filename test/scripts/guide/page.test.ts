import { describe, expect, it } from "vitest";
import { planSubstrate } from "../../../components/foundation";
import { factsOf } from "../../../scripts/guide/facts";
import { guidePage } from "../../../scripts/guide/page";
import { textOf } from "../../../scripts/guide/text/texts";
import { environmentNames, readEnvironment } from "../../../stacks/environment";

const names = environmentNames();

describe("the guides", () => {
  it("give the Substrate in the same rows on every foundation", () => {
    const rows = names.map((name) => factsOf(planSubstrate(readEnvironment(name))));
    expect(new Set(rows.map((facts) => facts.map(({ name }) => name).join())).size).toBe(1);
    expect(rows.flat().filter(({ value }) => value === "" || /undefined|planned:/.test(value))).toEqual([]);
  });

  it.each(names)("of %s asks nothing of any network and runs nothing", (name) => {
    const page = guidePage(readEnvironment(name));
    const active = /<(script|link|img|iframe|object|embed)\b|\b(src|href)="(?!#)|url\((?!#)|@import/gi;
    expect(page.match(active)).toBeNull();
    expect(page).toContain("default-src &#39;none&#39;; style-src &#39;sha256-");
  });

  it.each(names)("of %s names its environment wherever a command wants one", (name) => {
    const page = guidePage({ ...readEnvironment(name), name: "berlin" });
    expect(page).toContain("npm run cloister -- up berlin");
    expect(page).not.toMatch(/&lt;env&gt;|undefined/);
  });

  it("are of one shape: the same sections, and steps in the same order but for the ground's own", () => {
    const titles = names.map((name) => textOf(readEnvironment(name).footprint.kind).steps.map(({ title }) => title));
    const common = titles[0]!.filter((title) => titles.every((list) => list.includes(title)));
    expect(common.length).toBeGreaterThanOrEqual(6);
    for (const list of titles) expect(list.filter((title) => common.includes(title))).toEqual(common);
  });

  it("show a person's own words as text", () => {
    const page = guidePage({ ...readEnvironment("on-prem"), name: "<b>x</b>" });
    expect(page).not.toContain("<b>");
  });
});
