import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readWaivers } from "../../stacks/waivers";

const entry = {
  id: "W-1",
  policy: "NET-05",
  urn: "urn:pulumi:prod-foundation::cloister::aws:ec2/natGateway:NatGateway::exit",
  reason: "The migration of the old registry ends in April.",
  owner: "network@corp.example",
  approver: "ciso@corp.example",
  created: "2026-02-01",
  expires: "2026-04-30",
  compensating: "The firewall lets nothing but the registry through.",
  inputsSha256: "a".repeat(64),
};

describe("the files of an environment's waivers", () => {
  const folder = mkdtempSync(join(tmpdir(), "cloister-waivers-"));
  const write = (waivers: string | undefined, approvers?: string) => {
    rmSync(join(folder, "prod"), { recursive: true, force: true });
    mkdirSync(join(folder, "prod"));
    if (waivers !== undefined) writeFileSync(join(folder, "prod", "waivers.yaml"), waivers);
    if (approvers !== undefined) writeFileSync(join(folder, "prod", "approvers.yaml"), approvers);
    return readWaivers("prod", folder);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  test("are read with the digest of what was reviewed", () => {
    const text = `# why\n${stringify([entry])}`;
    const { settings, mistakes, approvers } = write(text, "- ciso@corp.example\n");
    expect(mistakes).toEqual([]);
    expect(approvers).toEqual(["ciso@corp.example"]);
    expect(settings).toEqual({
      file: join(folder, "prod", "waivers.yaml"),
      sha256: createHash("sha256").update(text).digest("hex"),
      entries: [entry],
      malformed: [],
      approvers: ["ciso@corp.example"],
    });
  });

  test("need not be there, and may be empty", () => {
    expect(write(undefined)).toMatchObject({ settings: undefined, approvers: [], mistakes: [] });
    expect(write("# nothing is waived\n").settings).toMatchObject({ entries: [], malformed: [], approvers: [] });
  });

  test("keep what is well written when something beside it is not, and lose neither", () => {
    const { owner: _, ...unowned } = entry;
    const wrong = { ...unowned, id: "W-2", urn: "urn:pulumi:*", expires: "30.04.2026", reason: "short", unit: 1 };
    const { settings, mistakes } = write(stringify([entry, wrong]), "- ciso@corp.example\n");
    expect(settings?.entries).toEqual([entry]);
    expect(settings?.malformed).toHaveLength(1);
    expect(settings?.malformed[0]?.waiver).toMatchObject({ id: "W-2", policy: "NET-05", owner: "" });
    expect(settings?.malformed[0]?.mistakes).toHaveLength(5);
    const places = mistakes.map(({ path }) => path.replace(join(folder, "prod"), "").replace(/ \(line.*/, ""));
    expect(places.sort()).toEqual(
      ["expires", "owner", "reason", "unit", "urn"].map((key) => `/waivers.yaml [1].${key}`),
    );
  });

  test("refuse an id that is taken, and a resource of another environment", () => {
    const stranger = { ...entry, urn: entry.urn.replace("prod-", "staging-") };
    const { settings, mistakes } = write(stringify([entry, stranger]), "- ciso@corp.example\n");
    expect(settings?.entries).toEqual([entry]);
    expect(mistakes.map(({ found }) => found).sort()).toEqual(["W-1", "a resource of the stack staging-foundation"]);
  });

  test.each([
    ["- id: W-1\n\tpolicy: NET-05\n", "valid YAML"],
    ["id: W-1\n", "a list of waivers"],
    ["- just text\n", "a group of settings"],
  ])("say of %j that it is no list of waivers, and make a finding of it", (text, allowed) => {
    const { settings, mistakes } = write(text, "- ciso@corp.example\n");
    expect(mistakes[0]?.allowed).toContain(allowed);
    expect(settings).toMatchObject({ entries: [], malformed: [{ mistakes: [expect.stringContaining(allowed)] }] });
  });

  test("let nobody approve by a list that cannot be read, and make a finding of it", () => {
    const { settings, mistakes } = write(stringify([entry]), "ciso: yes\n");
    expect(settings).toMatchObject({ entries: [entry], approvers: [], malformed: [{ waiver: { id: "" } }] });
    expect(mistakes[0]?.path).toContain("approvers.yaml");
  });
});
