import { describe, expect, test } from "vitest";
import { LedgerWriter } from "../../../policies/evidence/ledger";
import { catalogue } from "../../../policies/catalogue";
import { summarise } from "../../../policies/evidence/summary";
import type { Subject, Verdict } from "../../../policies/rule";
import { rules } from "../../../policies/rules";
import { judgeWaiver, judgeWaivers, waiversOf, withWaivers } from "../../../policies/waivers/judge-waivers";
import { unwaivable, whyUnwaivable } from "../../../policies/waivers/unwaivable";
import type { Waiver } from "../../../policies/waivers/waiver";
import type { WaiverSettings } from "../../../policies/waivers/waiver-settings";

const today = "2026-03-01";
const urn = "urn:pulumi:prod-foundation::cloister::aws:ec2/natGateway:NatGateway::exit";
const context = { today, approvers: ["Ciso@Corp.example"] };

const waiver: Waiver = {
  id: "W-1",
  policy: "NET-05",
  urn,
  reason: "The migration of the old registry ends in April.",
  owner: "network@corp.example",
  approver: "ciso+waivers@corp.example",
  created: "2026-02-01",
  expires: "2026-04-30",
  compensating: "The firewall lets nothing but the registry through.",
  inputsSha256: "a".repeat(64),
};
const failure: Verdict = {
  rule: "NET-05",
  urn,
  type: "aws:ec2/natGateway:NatGateway",
  state: "fail",
  message: "a way out",
  inputsSha256: "a".repeat(64),
};
const settingsOf = (...entries: Waiver[]): WaiverSettings => ({
  file: "stacks/prod/waivers.yaml",
  entries,
  malformed: [],
  approvers: context.approvers,
});

describe("a waiver", () => {
  test("counts while it runs, on what it was agreed to, and tells the days that are left", () => {
    expect(judgeWaiver(waiver, failure, context)).toEqual({
      waiver,
      state: "active",
      daysLeft: 60,
      message: "60 days left",
    });
    expect(judgeWaiver(waiver, failure, { ...context, today: "2026-04-30" })).toMatchObject({
      state: "active",
      daysLeft: 0,
      message: "ends today",
    });
  });

  test.each([
    ["expired", {}, failure, "2026-05-01", "it expired on 2026-04-30"],
    ["changed-inputs", { inputsSha256: "b".repeat(64) }, failure, today, "not what was agreed to"],
    ["unused", {}, undefined, today, "judged no such resource"],
    ["unused", {}, { ...failure, state: "pass" }, today, "does not fail"],
    ["refused", {}, { ...failure, state: "open" }, today, "not known cannot be waived"],
    ["refused", { policy: "IMM-01" }, { ...failure, rule: "IMM-01" }, today, "IMM-01 cannot be waived"],
    ["refused", { approver: "cto@corp.example" }, failure, today, "not on the environment's list of approvers"],
    ["malformed", { approver: "Network+x@corp.example" }, failure, today, "the same person"],
    ["malformed", { created: "2026-03-02" }, failure, today, "still to come"],
    ["malformed", { expires: "2026-05-03" }, failure, today, "it lasts 91 days"],
    ["malformed", { expires: "2026-01-31" }, failure, today, "before it was created"],
    ["malformed", { expires: "soon" }, failure, today, "is not a day"],
    ["malformed", { policy: "NET-99" }, failure, today, "there is no rule NET-99"],
  ] as const)("is %s with %j", (state, change, verdict, day, message) => {
    const judged = judgeWaiver({ ...waiver, ...change }, verdict, { ...context, today: day });
    expect(judged.state).toBe(state);
    expect(judged.message).toContain(message);
  });

  test("of 90 days is the longest, and over for a day tells so", () => {
    expect(judgeWaiver({ ...waiver, expires: "2026-05-02" }, failure, context).state).toBe("active");
    expect(judgeWaiver(waiver, failure, { ...context, today: "2026-05-01" }).daysLeft).toBe(-1);
  });
});

describe("a failure", () => {
  test("is waived by an active waiver and by no other, and says why the others do not count", () => {
    expect(withWaivers(failure, settingsOf(waiver), today)).toEqual({ ...failure, state: "waived", waiver: "W-1" });
    const over = withWaivers(failure, settingsOf(waiver), "2026-06-01");
    expect(over).toMatchObject({
      state: "fail",
      message: "a way out (waiver W-1 does not count: it expired on 2026-04-30)",
    });
    expect(withWaivers(failure, settingsOf({ ...waiver, urn: `${urn}2` }), today)).toBe(failure);
    expect(withWaivers(failure, settingsOf({ ...waiver, policy: "NET-06" }), today)).toBe(failure);
    const renewed = { ...waiver, id: "W-2", created: "2026-06-01", expires: "2026-07-01" };
    expect(withWaivers(failure, settingsOf(waiver, renewed), "2026-06-01").waiver).toBe("W-2");
  });

  test("with a part that is not known stays open: what is unknown is not waived with the rest", () => {
    const mixed = { ...failure, undecided: "the route's target can't be known before it exists" };
    const waived = withWaivers(mixed, settingsOf(waiver), today);
    expect(waived).toMatchObject({ state: "open", waiver: "W-1", message: mixed.undecided });
  });

  test("is told by a malformed waiver that it was meant", () => {
    const settings = { ...settingsOf(), malformed: [{ waiver: { ...waiver, reason: "" }, mistakes: ["no reason"] }] };
    expect(withWaivers(failure, settings, today)).toMatchObject({
      state: "fail",
      message: "a way out (waiver W-1 does not count: no reason)",
    });
  });
});

describe("the waivers of a run", () => {
  test("are those of its own stack and those of no stack; the others are left to their stacks", () => {
    const other = { ...waiver, id: "W-2", urn: urn.replace("prod-foundation", "prod-platform") };
    const settings = {
      ...settingsOf(waiver, other),
      malformed: [{ waiver: { ...waiver, id: "", urn: "" }, mistakes: ["no list"] }],
    };
    const run = { stack: "prod-foundation", today, complete: true };
    const judged = judgeWaivers(settings, [failure], run);
    expect(judged.map(({ waiver: { id }, state }) => `${id} ${state}`)).toEqual(["W-1 active", " malformed"]);
    const all = waiversOf([{ startedAt: today, settings: { waivers: settings }, waivers: judged }]);
    expect(all.map(({ waiver: { id }, state }) => `${id} ${state}`)).toEqual([
      "W-1 active",
      " malformed",
      "W-2 unused",
    ]);
    expect(all[2]).toMatchObject({ daysLeft: 60, message: "its stack was not judged in this run" });
  });

  test("are each told where several cannot be read and none has a name", () => {
    const nameless = { ...waiver, id: "", policy: "", urn: "" };
    const settings = {
      ...settingsOf(waiver),
      malformed: ["found 1", "found null"].map((mistake) => ({ waiver: nameless, mistakes: [mistake] })),
    };
    const judged = judgeWaivers(settings, [failure], { stack: "prod-foundation", today, complete: true });
    const all = waiversOf([{ startedAt: today, settings: { waivers: settings }, waivers: judged }]);
    expect(all.filter(({ state }) => state === "malformed").map(({ message }) => message)).toEqual([
      "found 1",
      "found null",
    ]);
  });

  test("are not called unused for a rule that was never reached", () => {
    const run = { stack: "prod-foundation", today, complete: false };
    expect(judgeWaivers(settingsOf(waiver), [], run)).toMatchObject([
      { state: "unused", message: "the run ended before its rule was reached" },
    ]);
    expect(judgeWaivers(undefined, [failure], run)).toEqual([]);
  });

  test("are in its ledger, with the verdict that they turned", () => {
    const writer = new LedgerWriter(rules, { version: "0.1.0", sha256: "ab".repeat(32) }, "preview");
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const running = { ...waiver, created: day(-1), expires: day(9) };
    writer.settings = { waivers: settingsOf(running) };
    const subject: Subject = { urn, type: failure.type, name: "exit", props: {}, protect: false, provider: {} };
    writer.see(subject);
    expect(writer.add(failure).state).toBe("waived");
    writer.complete = true;
    const ledger = writer.ledger();
    expect(ledger.waivers).toMatchObject([{ state: "active", waiver: { id: "W-1" } }]);
    expect(summarise([ledger])).toMatchObject({ fail: 0, waived: 1 });
  });
});

describe("the rules that cannot be waived", () => {
  test("are rules of the catalogue, and every reason reads as a sentence", () => {
    const ids = catalogue.map(({ id }) => id);
    expect(Object.keys(unwaivable).filter((id) => !ids.includes(id))).toEqual([]);
    for (const id of Object.keys(unwaivable))
      expect(whyUnwaivable(id)).toMatch(new RegExp(`^${id} cannot be waived: .{40}`));
    expect(whyUnwaivable("NET-05")).toBeUndefined();
  });

  test("are pinned: none leaves the list unseen", () => {
    expect(Object.keys(unwaivable).sort().join(" ")).toBe(
      "AI-02 AI-03 AI-05 AI-06 AI-07 AI-08 AUD-07 IMM-01 IMM-04 IMM-05 IMM-06 IMM-07 IMM-08 NET-01 NET-02 NET-03 NET-04 NET-08 NET-09",
    );
  });
});
