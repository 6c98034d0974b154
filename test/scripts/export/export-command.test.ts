import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KitError } from "../../../components/kit-error";
import { exportEnvironment } from "../../../scripts/export/command";
import { eventLog, rehearsed, secret } from "./engine-logs";

const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });

const layers = {
  foundation: eventLog([{ type: "aws:s3/bucketPolicy:BucketPolicy", name: "raw", inputs: { policy } }]),
  platform: eventLog([
    {
      type: "kubernetes:core/v1:Secret",
      name: "platform-tls",
      inputs: { apiVersion: "v1", kind: "Secret", metadata: { name: "tls", namespace: "gateway" }, data: secret },
    },
  ]),
};

describe("export", () => {
  let out: string;
  let printed: string;

  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), "cloister-exported-"));
    printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(out, { recursive: true, force: true });
  });

  const run = (options: { kubernetes?: boolean; policies?: boolean; out: string; json?: boolean }, logs = layers) =>
    exportEnvironment("on-prem", { rehearsed: true, state: rehearsed("on-prem", logs), ...options });

  it("writes the objects of the last rehearsal, the same bytes each time, and says what is hidden", async () => {
    const path = join(out, "new", "objects.yaml");
    expect(await run({ kubernetes: true, out: path, json: true })).toBe(0);
    expect(JSON.parse(printed)).toEqual({
      environment: "on-prem",
      origin: "rehearsal",
      path,
      objects: 1,
      placeholders: [{ where: "Secret gateway/tls data.redacted", placeholder: "redacted-by-cloister-export" }],
      leftOut: [],
    });
    const first = readFileSync(path, "utf8");
    expect(first).toContain("# The Kubernetes objects of on-prem, for scanners: to be read, not applied.\n");
    await run({ kubernetes: true, out: path });
    expect(readFileSync(path, "utf8")).toBe(first);
  });

  it("writes one file for each policy document, and none of an earlier export stays", async () => {
    writeFileSync(join(out, "gone.json"), '{"Statement": []}');
    await run({ policies: true, out, json: true });
    expect(readdirSync(out)).toEqual(["raw.json"]);
    expect((JSON.parse(printed) as { documents: object[] }).documents).toMatchObject([
      { file: "raw.json", kind: "resource", property: "policy" },
    ]);
  });

  it("takes nothing away that is no policy document", async () => {
    writeFileSync(join(out, "package.json"), "{}");
    await expect(run({ policies: true, out })).rejects.toThrow(/found: +package.json/);
    expect(readdirSync(out)).toEqual(["package.json"]);
  });

  it.each([
    ["which of the two is meant", {}, layers, /--kubernetes, --policies/],
    ["one and not both", { kubernetes: true, policies: true }, layers, /found: +both/],
    ["documents to export", { policies: true }, { ...layers, foundation: eventLog([]) }, /no policy document of AWS/],
    ["objects to export", { kubernetes: true }, { ...layers, platform: eventLog([]) }, /no Kubernetes object/],
  ] as const)("asks for %s", async (_what, options, logs, message) => {
    const path = join(out, "objects");
    await expect(run({ ...options, out: path }, logs)).rejects.toThrow(message);
    await expect(run({ ...options, out: path }, logs)).rejects.toBeInstanceOf(KitError);
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    [
      "an error",
      { diagnosticEvent: { severity: "error", message: "the bucket is somebody else's" } },
      /somebody else's/,
    ],
    [
      "a policy",
      { policyEvent: { policyName: "SUP-02", message: "not ours\nmend it", enforcementLevel: "mandatory" } },
      /SUP-02: not ours/,
    ],
  ])("takes no half of a plan that %s stopped", async (_what, event, message) => {
    const platform = `${layers.platform}${JSON.stringify(event)}\n`;
    const path = join(out, "objects.yaml");
    await expect(run({ kubernetes: true, out: path }, { ...layers, platform })).rejects.toThrow(message);
    const cut = layers.platform.split("\n").slice(0, -2).join("\n");
    await expect(run({ kubernetes: true, out: path }, { ...layers, platform: cut })).rejects.toThrow(/ended before/);
  });

  it("says of both stacks that there is no rehearsal, and how to run one", async () => {
    const options = { kubernetes: true, rehearsed: true, state: out, out: join(out, "objects.yaml") };
    await expect(exportEnvironment("on-prem", options)).rejects.toThrow(
      /on-prem-foundation[^]*on-prem-platform[^]*npm run rehearse -- on-prem/,
    );
  });
});
