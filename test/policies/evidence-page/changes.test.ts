import { describe, expect, it } from "vitest";
import { changesSince, type ChangedVerdict } from "../../../policies/evidence/changes";
import type { VerdictLedger } from "../../../policies/evidence/ledger";
import type { State, Verdict } from "../../../policies/rule";

const urn = (name: string) => `urn:pulumi:s::p::t::${name}`;

/** `ENC-01 a pass 11`: a rule, a resource, what became of it, and the hash of what was read. */
function ledger(lines: readonly string[], more: Partial<VerdictLedger> = {}): VerdictLedger {
  const verdicts = lines.map((line): Verdict => {
    const [rule, name, state, inputsSha256] = line.split(" ") as [string, string, State, string?];
    return { rule, urn: name === "-" ? "" : urn(name), type: "t", state, message: "", inputsSha256 };
  });
  return { stack: "s", packSha256: "p", verdicts, ...more } as VerdictLedger;
}

function compare(before: readonly VerdictLedger[], now: readonly VerdictLedger[]) {
  return changesSince({ ledgers: now, previous: { generatedAt: "2026-01-14T00:00:00Z", ledgers: before } })!;
}

const named = (changes: readonly ChangedVerdict[]) =>
  changes.map(({ before, now }) => `${now.rule} ${now.urn.split("::").at(-1)} ${before?.state ?? "new"}→${now.state}`);

describe("what changed since the last run", () => {
  const changes = compare(
    [
      ledger([
        ...["ENC-01 a pass 1", "ENC-01 b fail 1", "ENC-01 c waived 1", "ENC-01 d pass 1", "ENC-01 e pass 1"],
        ...["ENC-01 f notApplicable 1", "ENC-01 gone fail 1", "ENC-02 a pass 1", "ENC-03 - notEvaluated"],
      ]),
    ],
    [
      ledger([
        ...["ENC-01 a fail 2", "ENC-01 b pass 2", "ENC-01 c notApplicable 2", "ENC-01 d open 1", "ENC-01 e waived 1"],
        ...["ENC-01 f pass 1", "ENC-01 new fail 1", "ENC-02 a pass 2", "ENC-03 a pass 1"],
      ]),
    ],
  );

  it("tells new failures, of old resources and of new ones, from what was mended", () => {
    expect(named(changes.newFails)).toEqual(["ENC-01 a pass→fail", "ENC-01 new new→fail"]);
    expect(named(changes.mended)).toEqual(["ENC-01 b fail→pass", "ENC-01 c waived→notApplicable"]);
    expect(named(changes.newOpens)).toEqual(["ENC-01 d pass→open"]);
    expect(named(changes.newWaived)).toEqual(["ENC-01 e pass→waived"]);
    expect(named(changes.others)).toEqual(["ENC-01 f notApplicable→pass"]);
  });

  it("sees values that changed under the same verdict, resources that came and went, and rules that began", () => {
    expect(named(changes.otherInputs)).toEqual(["ENC-02 a pass→pass"]);
    expect(changes.newResources).toEqual([urn("new")]);
    expect(changes.removedResources).toEqual([urn("gone")]);
    expect(changes.newRules).toEqual(["ENC-03"]);
    expect(changes.silencedRules).toEqual([]);
    expect(changes.otherPack).toBe(false);
  });

  it("does not take a stack that was not run for a stack that is gone", () => {
    const half = compare(
      [ledger(["ENC-01 a pass"]), ledger(["ENC-01 b pass"], { stack: "t" })],
      [ledger(["ENC-01 a pass"])],
    );
    expect(half.notCompared).toEqual(["t"]);
    expect(half.removedResources).toEqual([]);
  });

  it("says when another pack judged, and nothing where there was no run before", () => {
    expect(compare([ledger([])], [ledger([], { packSha256: "q" })]).otherPack).toBe(true);
    expect(changesSince({ ledgers: [] })).toBeUndefined();
  });
});
