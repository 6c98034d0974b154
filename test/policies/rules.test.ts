import { describe, expect, it } from "vitest";
import { catalogue } from "../../policies/catalogue";
import { examine } from "../../policies/examination";
import { guarded } from "../../policies/reading/unknown";
import { matches, type Rule, type Subject, type Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import type { Settings } from "../../policies/settings";
import { change, ruleTables, type Change } from "./rule-tables";
import { compliantWorld, settings, type Fixture } from "./world";

const urnOf = (name: string) => `urn:pulumi:test::cloister::${name}`;

function subjects(world: readonly Fixture[]): Subject[] {
  return world.map((fixture) => ({
    urn: urnOf(fixture.name),
    type: fixture.type,
    name: fixture.name,
    props: guarded(fixture.props as object),
    protect: fixture.protect ?? false,
    ...(fixture.provider ? { provider: guarded(fixture.provider) } : {}),
    origins: Object.fromEntries(
      Object.entries(fixture.from ?? {}).map(([property, name]) => [property, [urnOf(name)]]),
    ),
  }));
}

function judge(rule: Rule, world: readonly Fixture[], name: string, given: Settings = settings): Verdict {
  const resources = subjects(world);
  const subject = resources.find((candidate) => candidate.name === name);
  if (!subject) throw new Error(`no fixture ${name}`);
  expect(matches(rule.types, subject.type), `${rule.id} looks at ${subject.type}`).toBe(true);
  return examine(rule, subject, { settings: given, resources: rule.scope === "stack" ? resources : [] });
}

const ruleOf = (id: string): Rule => {
  const found = rules.find((rule) => rule.id === id);
  if (!found) throw new Error(`no rule ${id}`);
  return found;
};

const told = ({ of, path, value }: Change) =>
  `${of} ${path || "absent"} = ${JSON.stringify(value)?.slice(0, 120) ?? "absent"}`;

describe("the list of rules", () => {
  it("is pinned, so that no rule disappears unseen", () => {
    expect(rules.map((rule) => rule.id).sort()).toEqual(Object.keys(ruleTables).sort());
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThanOrEqual(59);
  });

  it("holds only rules of the catalogue, with its severity, scope, title and controls", () => {
    expect(catalogue).toHaveLength(80);
    for (const rule of rules) {
      const entry = catalogue.find(({ id }) => id === rule.id);
      expect({ ...rule, check: undefined, types: undefined, remediation: undefined }).toEqual({
        ...{
          id: rule.id,
          severity: entry?.severity,
          scope: entry?.scope,
          title: entry?.title,
          supports: entry?.supports,
        },
        ...{ check: undefined, types: undefined, remediation: undefined },
      });
      expect(rule.remediation).toMatch(/\.$/);
    }
  });
});

it("finds nothing wrong with the compliant world, whatever the rule and the resource", () => {
  const world = compliantWorld();
  const verdicts = rules.flatMap((rule) =>
    world.filter((fixture) => matches(rule.types, fixture.type)).map((fixture) => judge(rule, world, fixture.name)),
  );
  expect(verdicts.filter(({ state }) => state === "fail" || state === "open")).toEqual([]);
  expect(verdicts.filter(({ state }) => state === "pass").length).toBeGreaterThan(60);
});

describe.each(Object.entries(ruleTables))("%s", (id, table) => {
  const rule = ruleOf(id);

  it("passes what is compliant", () => {
    const verdict = judge(rule, compliantWorld(), table.judged);
    expect(verdict.state).toBe("pass");
    expect(verdict.inputsSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(table.violations.map((violation) => [told(violation), violation] as const))(
    "fails on %s",
    (_told, violation) => {
      const verdict = judge(rule, change(compliantWorld(), violation), violation.judged ?? table.judged);
      expect(verdict).toMatchObject({ rule: id, state: "fail" });
      expect(verdict.message.length).toBeGreaterThan(10);
    },
  );

  it("stays open on an unknown value", () => {
    expect(judge(rule, change(compliantWorld(), table.unknown), table.judged).state).toBe("open");
  });

  const { beyond } = table;
  if (beyond) {
    it("does not apply beyond its reach", () => {
      expect(judge(rule, change(compliantWorld(), beyond), table.judged).state).toBe("notApplicable");
    });
  }
});

describe("an examination", () => {
  it("lets a failure outweigh an unknown, and names both no more than once", () => {
    let world = change(compliantWorld(), ruleTables["SUP-01"]!.unknown);
    world = change(world, { of: "vllm", path: "spec.template.spec.initContainers.0.image", value: "nginx" });
    const verdict = judge(ruleOf("SUP-01"), world, "vllm");
    expect(verdict).toMatchObject({ state: "fail", path: "spec.template.spec.initContainers[0].image" });
  });

  it("leaves a rule open when the environment did not give its setting", () => {
    const verdict = judge(ruleOf("SUP-02"), compliantWorld(), "vllm", {});
    expect(verdict.state).toBe("open");
    expect(verdict.message).toContain('setting "registry" is missing');
    expect(judge(ruleOf("RES-01"), compliantWorld(), "key", {}).state).toBe("open");
  });

  it("binds the verdict to what the rule read and to nothing else", () => {
    const base = judge(ruleOf("NET-03"), compliantWorld(), "cluster").inputsSha256;
    const unread = change(compliantWorld(), { of: "cluster", path: "tags", value: { secret: "x" } });
    const read = change(compliantWorld(), { of: "cluster", path: "vpcConfig.endpointPrivateAccess", value: false });
    expect(judge(ruleOf("NET-03"), unread, "cluster").inputsSha256).toBe(base);
    expect(judge(ruleOf("NET-03"), read, "cluster").inputsSha256).not.toBe(base);
  });
});

it("takes a host of one's own for dedicated hardware", () => {
  const world = change(compliantWorld(), { of: "gpu-template", path: "placement.tenancy", value: "host" });
  expect(judge(ruleOf("NET-13"), world, "gpu-template").state).toBe("pass");
});

describe("a store that lacks encryption by key", () => {
  const lacking = (compensations: Record<string, string>): Settings => ({
    ...settings,
    objectStore: { capabilities: ["versioning", "object-lock"], compensations },
  });
  const world = () => change(compliantWorld(), { of: "vault-BucketServerSideEncryptionConfiguration", path: "" });

  it("is not applicable with a named compensation, which the verdict tells", () => {
    const verdict = judge(ruleOf("ENC-01"), world(), "vault", lacking({ "encryption-by-key": "LUKS under the store" }));
    expect(verdict.state).toBe("notApplicable");
    expect(verdict.message).toContain("LUKS under the store");
  });

  it("fails without one", () => {
    expect(judge(ruleOf("ENC-01"), world(), "vault", lacking({})).state).toBe("fail");
  });

  it("does not excuse versions or the lock", () => {
    const unversioned = change(compliantWorld(), { of: "vault-BucketVersioning", path: "" });
    const bare = { ...settings, objectStore: { capabilities: [], compensations: { versioning: "none" } } };
    expect(judge(ruleOf("IMM-03"), unversioned, "vault", bare).state).toBe("fail");
  });
});

describe("links between resources whose identifiers are not known", () => {
  it("leaves the verdict open when no origin tells whose the sibling is", () => {
    const world = compliantWorld().map((fixture) =>
      fixture.name === "vault-BucketVersioning"
        ? {
            ...fixture,
            from: {},
            props: { ...(fixture.props as object), bucket: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
          }
        : fixture,
    );
    expect(judge(ruleOf("IMM-03"), world, "vault").state).toBe("open");
  });

  it("matches by name where the program gave plain names", () => {
    const world = compliantWorld().map((fixture) =>
      fixture.name === "vault" || fixture.from?.["bucket"] === "vault"
        ? { ...fixture, from: {}, props: { ...(fixture.props as object), bucket: "the-vault" } }
        : fixture,
    );
    expect(judge(ruleOf("IMM-03"), world, "vault").state).toBe("pass");
  });
});
