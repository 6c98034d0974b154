import { expect, test } from "vitest";
import type { Examination } from "../../policies/examination";
import { examine } from "../../policies/examination";
import { guarded } from "../../policies/reading/unknown";
import type { Context, Rule, Subject } from "../../policies/rule";

/** As the engine marks a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urn = "urn:pulumi:prod::cloister::aws:ebs/volume:Volume::disk";

/** Reads a label outside of its questions, asks for two properties, and for one of a sibling. */
const rule: Rule = {
  id: "ENC-04",
  title: "encrypted",
  severity: "high",
  scope: "resource",
  types: ["aws:ebs/volume:Volume"],
  remediation: "Encrypt it.",
  supports: {},
  check(subject: Subject, examination: Examination, { resources }: Context) {
    if (subject.props.label === "scratch") return examination.notApplicable("scratch");
    examination.ask("encrypted", () => (subject.props.encrypted === true ? undefined : "it is in clear"));
    examination.ask("key", () => (subject.props.key === undefined ? "no key" : undefined));
    for (const { name, props } of resources) {
      examination.ask(name, () => (props.mode === "locked" ? undefined : `mode is ${props.mode as string}`));
    }
  },
};

const subjectOf = (name: string, props: object): Subject => ({
  urn,
  type: "aws:ebs/volume:Volume",
  name,
  props: guarded(props),
  protect: false,
});
const judged = (props: object, siblings: object[] = []) =>
  examine(rule, subjectOf("disk", props), {
    settings: {},
    resources: siblings.map((sibling, index) => subjectOf(`sibling-${index}`, sibling)),
  });
const hashOf = (...args: Parameters<typeof judged>) => judged(...args).inputsSha256;

test("a failure has one fingerprint before and after the rest of its resource is known", () => {
  const before = judged({ encrypted: false, key: unknown });
  expect(before).toMatchObject({ state: "fail", message: "encrypted: it is in clear" });
  expect(before.undecided).toContain("can't be known before it exists");
  const after = judged({ encrypted: false, key: "arn:1" });
  expect(after.undecided).toBeUndefined();
  expect(after.inputsSha256).toBe(before.inputsSha256);
  expect(hashOf({ encrypted: false, key: "arn:1", size: 9 })).toBe(before.inputsSha256);
});

test("a failure has another fingerprint with another value, another failure beside it, or a sibling that makes it another", () => {
  const base = hashOf({ encrypted: false, key: "arn:1" });
  expect(hashOf({ encrypted: "no", key: "arn:1" })).not.toBe(base);
  expect(hashOf({ encrypted: false })).not.toBe(base);
  expect(hashOf({ encrypted: false, key: "arn:1", label: "weights" })).not.toBe(base);
  const open = hashOf({ encrypted: true, key: "arn:1" }, [{ mode: "open" }]);
  expect(hashOf({ encrypted: true, key: "arn:1" }, [{ mode: "absent" }])).not.toBe(open);
});

test("a pass is bound to all that was read for it", () => {
  const base = hashOf({ encrypted: true, key: "arn:1" });
  expect(hashOf({ encrypted: true, key: "arn:2" })).not.toBe(base);
  expect(hashOf({ encrypted: true, key: "arn:1", size: 9 })).toBe(base);
});
