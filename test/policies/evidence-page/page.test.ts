import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { EvidenceInput } from "../../../policies/evidence/evidence";
import { escapeHtml, markup } from "../../../policies/evidence/markup";
import { evidencePage } from "../../../policies/evidence/page";
import { place } from "../../../policies/evidence/page-model";
import { mergeVerdicts } from "../../../policies/evidence/summary";
import { everyRule, exampleInput } from "./example";

const input = exampleInput();
const page = evidencePage(input);
const idsOf = (html: string) => [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
const has = (id: string) => page.includes(` id="${escapeHtml(id)}"`);

describe("the page of evidence", () => {
  it("holds every verdict once, with its state and its evidence hash", () => {
    const rows = [...page.matchAll(/<tr id="(verdict=[^"]*)" data-state="([^"]*)">(.*?)<\/tr>/gs)];
    const shown = new Map(rows.map(([, id, state, text]) => [id, { state, text }]));
    const verdicts = mergeVerdicts(input.ledgers).filter(({ urn }) => urn !== "");
    expect(rows).toHaveLength(verdicts.length);
    expect(new Set(verdicts.map(({ state }) => state))).toEqual(
      new Set(["pass", "fail", "waived", "open", "notApplicable"]),
    );
    for (const verdict of verdicts) {
      const row = shown.get(place.verdict(verdict));
      expect(row?.state).toBe(verdict.state);
      expect(row?.text).toContain(verdict.inputsSha256);
    }
  });

  it("holds every rule, promise, resource and waiver, and a way to each of them", () => {
    for (const rule of everyRule) expect(has(place.rule(rule)), rule).toBe(true);
    for (let number = 1; number <= 12; number += 1) expect(has(place.promise(number))).toBe(true);
    for (const { urn } of input.resources) expect(has(place.resource(urn)), urn).toBe(true);
    for (const { waiver } of input.waivers!) expect(has(place.waiver(waiver.id)), waiver.id).toBe(true);
  });

  it("leads nowhere in vain: every link has its place, and every place one name", () => {
    const ids = idsOf(page);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.matchAll(/\shref="([^"]*)"/g)].map(([, href]) => href!);
    expect(links.length).toBeGreaterThan(1000);
    for (const link of links) expect(ids).toContain(link.slice(1));
  });

  it("names places as it did in the run before, so that a link in a ticket stays good", () => {
    const urn = "urn:pulumi:prod::cloister::aws:s3/bucket:Bucket::audit";
    expect(place.resource(urn)).toBe("resource=a3dbbb4be4");
    expect(place.verdict({ rule: "IMM-01", urn })).toBe("verdict=IMM-01@a3dbbb4be4");
    expect(place.control("hipaa", "164.312(a)(2)(iv)")).toBe("control=hipaa/164.312(a)(2)(iv)");
  });

  it("says of every waiver who, why, how long, and what became of it", () => {
    for (const { waiver, message, daysLeft } of input.waivers!) {
      const card = new RegExp(`<article[^>]* id="waiver=${waiver.id}".*?</article>`, "s").exec(page)![0];
      const days = daysLeft < 0 ? `over for ${-daysLeft} days` : `${daysLeft} days left`;
      const { owner, approver, reason, expires, compensating, inputsSha256 } = waiver;
      for (const fact of [owner, approver, reason, expires, compensating, inputsSha256, message, days]) {
        expect(card).toContain(escapeHtml(fact));
      }
    }
  });

  it("says what is not proven, what stood in, and what nobody can look into", () => {
    for (const words of ["not proven", "stand-in", "scheduled, not run", "no drill was ever made here"]) {
      expect(page).toContain(words);
    }
    expect(page).toContain("foundation-guardrails-legacy");
    expect(page).toContain("tls:index/privateKey:PrivateKey");
    expect(page).not.toMatch(/\bsatisfies\b/);
  });

  it("says first what was changed without the gate", () => {
    const overview = page.slice(page.indexOf('id="overview"'), page.indexOf('id="promises"'));
    expect(overview).toContain("1 change passed it by");
    expect(page).toContain("changed platform-gateway-door-envoy-deployment");
    const gated = evidencePage({ ...input, ungated: undefined });
    expect(gated).not.toContain("passed it by");
    expect(gated).toContain("Nothing was changed without the gate");
  });

  it("makes a list of a long finding, whole at the verdict and short on the overview", () => {
    const long = Array.from({ length: 9 }, (_, index) => `finding ${index}`);
    const ledgers = input.ledgers.map((ledger) => ({
      ...ledger,
      verdicts: ledger.verdicts.map((one) => (one.state === "fail" ? { ...one, message: long.join("; ") } : one)),
    }));
    const [overview = "", ...others] = evidencePage({ ...input, ledgers }).split('id="promises"');
    expect(overview).toContain("<li>finding 5</li><li>and 3 more, at the verdict</li>");
    expect(others.join("")).toContain(long.map((one) => `<li>${one}</li>`).join(""));
  });

  it("tells waivers apart that have the same id, or none", () => {
    const [first, second, third] = input.waivers!.map((one) => ({ ...one, waiver: { ...one.waiver } }));
    const waivers = [first!, { ...second!, waiver: { ...second!.waiver, id: first!.waiver.id } }];
    const odd = evidencePage({ ...input, waivers: [...waivers, { ...third!, waiver: { ...third!.waiver, id: "" } }] });
    const ids = idsOf(odd);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith("waiver="))).toHaveLength(3);
  });

  it("is the same for the same input", () => {
    expect(evidencePage(exampleInput())).toBe(page);
  });

  it("says so where there is no waiver and no run before", () => {
    const first = evidencePage({ ...input, waivers: undefined, previous: undefined, proofs: undefined });
    expect(first).toContain("This environment has no waiver");
    expect(first).toContain("This is the first run");
    expect(() => evidencePage({ ...input, ledgers: [], resources: [], zones: [], flows: [] })).not.toThrow();
  });
});

describe("what the page lets in and out", () => {
  it("asks nothing of any network, and runs only what its policy names", () => {
    expect(page).not.toMatch(/<[^>]*\s(src|srcset|action|style|on[a-z]+)=/);
    expect(page).not.toMatch(/\shref="(?!#)/);
    expect(page).not.toMatch(/url\((?!#)|@import|https?:|<(link|iframe|object|embed|base)\b/);
    const [, policy = ""] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
    for (const part of ["style", "script"]) {
      const content = new RegExp(`<${part}>([\\s\\S]*?)</${part}>`).exec(page)![1]!;
      const hash = createHash("sha256").update(content).digest("base64");
      expect(policy.replaceAll("&#39;", "'")).toContain(`${part}-src 'sha256-${hash}'`);
    }
    expect(policy).toContain("default-src &#39;none&#39;");
  });

  it("escapes whatever it is given, wherever it stands", () => {
    const hostile = `"'></script><img src=x onerror="alert(1)">`;
    const spoiled = evidencePage(spoil(input, hostile));
    expect(spoiled).not.toContain("<img");
    expect(spoiled).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
    expect(spoiled.match(/<script/g)).toHaveLength(1);
    expect(spoiled.match(/<\/script/g)).toHaveLength(1);
    // No element more and no element less than with harmless words.
    expect(tags(spoiled)).toEqual(tags(evidencePage(spoil(input, hostile.replaceAll(/[<>"']/g, "x")))));
  });

  it("drops the indentation of a template, and none of what is put into it", () => {
    const value = "two\n   lines";
    expect(
      markup`<p>
        ${value}
      </p>`.text,
    ).toBe("<p>\ntwo\n   lines\n</p>");
  });
});

const tags = (html: string) => html.match(/<\/?[a-z][a-z0-9]*/g);

/** Appends a text to everything that people, providers or programs name. */
function spoil(one: EvidenceInput, text: string): EvidenceInput {
  const known = new Set([
    "state",
    "rule",
    "policy",
    "stack",
    "fidelity",
    "tls",
    "kind",
    "outcome",
    "phase",
    "frameworks",
  ]);
  const visit = (value: unknown, key = ""): unknown => {
    if (known.has(key)) return value;
    if (Array.isArray(value)) return value.map((item) => visit(item));
    if (value instanceof Object) {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner, name)]));
    }
    return typeof value === "string" && value !== "" ? value + text : value;
  };
  return visit(one) as EvidenceInput;
}
