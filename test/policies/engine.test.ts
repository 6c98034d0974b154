import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { analyzeDeployed, packConfiguration } from "../../policies/analyze";
import { readLedgers, type VerdictLedger } from "../../policies/evidence/ledger";
import { judgePlan } from "../../policies/judge";
import type { CapturedPlan } from "../../policies/plan-capture";
import { summarise } from "../../policies/evidence/summary";
import type { Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import type { Waiver } from "../../policies/waivers/waiver";
import type { WaiverSettings } from "../../policies/waivers/waiver-settings";
import { installStandIn } from "../../rehearsal/providers/install";
import { Engine } from "../../scripts/engine/engine";
import { BackendVerdicts } from "../../scripts/up/verdict/backend-verdicts";
import { VerdictKeeper } from "../../scripts/up/verdict/verdict-keeper";
import { EngineWorkspace, type EngineRun } from "../rehearsal/engine";
import { change, ruleTables } from "./rule-tables";
import { compliantWorld, settings, type Fixture } from "./world";

const pack = resolve(__dirname, "../../policies");

/** Registers the fixtures of a JSON file beside it, each with the links it names. */
const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

class Any extends pulumi.CustomResource {}
class AnyComponent extends pulumi.ComponentResource {
  constructor(type: string, name: string, props: Record<string, unknown>) {
    super(type, name, props);
    this.registerOutputs(props);
  }
}
class AnyProvider extends pulumi.ProviderResource {}
const fixtures = JSON.parse(readFileSync(__dirname + "/fixtures.json", "utf8"));
const made: Record<string, pulumi.CustomResource> = {};
const providers: Record<string, pulumi.ProviderResource> = {};
for (const { type, name, props, protect, provider, from } of fixtures) {
  const linked = Object.fromEntries(Object.entries(from ?? {}).map(([key, other]) => [key, made[other as string]!.id]));
  if (type.startsWith("cloister:")) {
    new AnyComponent(type, name, props);
    continue;
  }
  const key = provider?.region && [provider.region, ...(provider.endpoints ? ["elsewhere"] : [])].join("-");
  const given = key ? (providers[key] ??= new AnyProvider("aws", "aws-" + key, provider)) : undefined;
  const options = { protect, ...(given ? { provider: given } : {}) };
  made[name] = new Any(type, name, { ...props, ...linked }, options);
}
`;

/** The fixtures of a world under names of their own, so that many worlds fit in one stack. */
function renamed(world: readonly Fixture[], prefix: string): Fixture[] {
  return world.map((fixture) => ({
    ...fixture,
    name: `${prefix}-${fixture.name}`,
    ...(fixture.from
      ? { from: Object.fromEntries(Object.entries(fixture.from).map(([key, name]) => [key, `${prefix}-${name}`])) }
      : {}),
  }));
}

/** Without links to what is not there. */
function linkedTo(names: readonly string[], fixture: Fixture): Fixture {
  const from = Object.entries(fixture.from ?? {}).filter(([, name]) => names.includes(name));
  return { ...fixture, from: Object.fromEntries(from) };
}

/** For each rule of a scope, a world with its first violation, cut down to what the rule needs to see. */
function violated(ids: readonly string[]): Fixture[] {
  return ids.flatMap((id) => {
    const table = ruleTables[id]!;
    const rule = rules.find((candidate) => candidate.id === id)!;
    const world = change(compliantWorld(), table.violations[0]!);
    const judged = world.find((fixture) => fixture.name === table.judged)!;
    const needed =
      rule.scope === "resource"
        ? [judged]
        : world.filter(
            (fixture) =>
              fixture === judged ||
              table.alongside?.includes(fixture.name) ||
              fixture.type.split("/")[0] === judged.type.split("/")[0],
          );
    const names = needed.map(({ name }) => name);
    return renamed(
      needed.map((fixture) => linkedTo(names, fixture)),
      id,
    );
  });
}

let workspace: EngineWorkspace;
let verdicts: string;
let configuration: string;
let keeper: VerdictKeeper;

beforeAll(async () => {
  verdicts = await mkdtemp(join(tmpdir(), "cloister-verdicts-"));
  workspace = await EngineWorkspace.create({
    program,
    environment: { CLOISTER_VERDICTS_DIR: verdicts, CLOISTER_PLAN_DIR: join(verdicts, "plans") },
  });
  configuration = join(workspace.directory, "pack.json");
  await writeFile(configuration, packConfiguration(settings));
  const { engine: command, environment, directory } = workspace as unknown as { engine: string } & EngineWorkspace;
  const engine = new Engine({ command, environment, projectDirectory: directory, logDirectory: directory });
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  keeper = new VerdictKeeper(new BackendVerdicts(engine, directory), publicKey, privateKey);
  for (const name of ["kubernetes", "aws", "tls", "random"]) {
    const entry = join(__dirname, "accept-all-provider.ts");
    await installStandIn({ pulumiHome: workspace.pulumiHome, name, version: "1.0.0", entry });
  }
});

afterAll(async () => {
  await workspace.remove();
  await rm(verdicts, { recursive: true, force: true });
});

const lay = (fixtures: readonly Fixture[]) =>
  writeFile(join(workspace.directory, "fixtures.json"), JSON.stringify(fixtures));
const gated = (file = configuration) => ["--policy-pack", pack, "--policy-pack-config", file];

async function previewed(
  fixtures: readonly Fixture[],
  waivers?: WaiverSettings,
): Promise<{ run: EngineRun; ledger: VerdictLedger }> {
  await lay(fixtures);
  const file = waivers === undefined ? configuration : join(workspace.directory, "waiving.json");
  if (waivers !== undefined) await writeFile(file, packConfiguration({ ...settings, waivers }));
  const run = await workspace.preview(...gated(file));
  return { run, ledger: readLedgers(verdicts).at(-1)! };
}

/** What each violation was found by, so that it can be waived as it was found. */
const found: Record<string, Verdict> = {};

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** A waiver of the violation of a rule, as `cloister waive` writes one. */
function waiverOf(id: string, rule: string, change: Partial<Waiver> = {}): Waiver {
  const { urn, inputsSha256 = "" } = found[rule]!;
  return {
    ...{ id, policy: rule, urn, inputsSha256, created: day(-10), expires: day(20), owner: "owner@corp.example" },
    ...{ approver: "ciso@corp.example", reason: "It goes with the next release.", compensating: "Nobody uses it yet." },
    ...change,
  };
}

const waiving = (...entries: Waiver[]): WaiverSettings => ({
  file: "stacks/test/waivers.yaml",
  entries,
  malformed: [],
  approvers: ["ciso@corp.example"],
});

function expectStopped(run: EngineRun, ledger: VerdictLedger, id: string): void {
  const { judged } = ruleTables[id]!;
  const rule = rules.find((candidate) => candidate.id === id)!;
  const level = rule.severity === "medium" ? "advisory" : "mandatory";
  expect(run.output).toMatch(
    new RegExp(`\\[${level}\\]\\s+\\[severity: ${rule.severity}\\]\\s+${id}\\s+\\(.*: ${id}-${judged}\\)`),
  );
  const failed = ledger.verdicts.filter((verdict) => verdict.rule === id && verdict.state === "fail");
  expect(failed.map(({ urn }) => urn.split("::").at(-1))).toContain(`${id}-${judged}`);
  found[id] = failed.find(({ urn }) => urn.endsWith(`::${id}-${judged}`))!;
}

/** What the pack was shown, judged again in this process, comes to what the pack said, to the hash of what each rule read. */
function expectSameWithoutEngine(ledger: VerdictLedger): void {
  const kept = readFileSync(join(verdicts, "plans", `${ledger.stack}.plan.json`), "utf8");
  const again = judgePlan(JSON.parse(kept) as CapturedPlan, settings);
  const told = (all: readonly Verdict[]) =>
    all
      .filter(({ urn, state }) => urn !== "" && state !== "notEvaluated")
      .map(({ rule, urn, state, inputsSha256 }) => `${rule} ${urn} ${state} ${inputsSha256}`)
      .sort();
  expect(told(again)).toEqual(told(ledger.verdicts));
  expect(again.length).toBeGreaterThan(100);
}

describe("on the real engine", () => {
  const ofScope = (scope: string) =>
    rules.filter((rule) => rule.scope === scope && rule.id !== "NET-01").map(({ id }) => id);

  it("stops a violation of each resource rule before anything is made", async () => {
    const { run, ledger } = await previewed(violated(ofScope("resource")));
    expect(run.code).not.toBe(0);
    for (const id of ofScope("resource")) expectStopped(run, ledger, id);
  }, 60_000);

  it("stops a violation of each stack rule", async () => {
    const { run, ledger } = await previewed(violated(ofScope("stack")));
    expect(run.code).not.toBe(0);
    for (const id of ofScope("stack")) expectStopped(run, ledger, id);
    expectSameWithoutEngine(ledger);
  }, 60_000);

  it("stops a namespace that does not deny by default", async () => {
    const { run, ledger } = await previewed(violated(["NET-01"]));
    expect(run.code).not.toBe(0);
    expectStopped(run, ledger, "NET-01");
  }, 60_000);

  it("lets what is waived through, and shows it with the days that are left", async () => {
    const waivers = waiving(waiverOf("W-1", "ENC-04"), waiverOf("W-2", "ENC-01"), waiverOf("W-3", "NET-05"));
    const { run, ledger } = await previewed(violated(["ENC-04", "ENC-01"]), waivers);
    expect({ code: run.code, output: run.code === 0 ? "" : run.output }).toEqual({ code: 0, output: "" });
    expect(ledger.verdicts.filter(({ state }) => state === "waived")).toMatchObject([
      { rule: "ENC-01", waiver: "W-2" },
      { rule: "ENC-04", waiver: "W-1" },
    ]);
    expect(ledger.waivers.map(({ state }) => state)).toEqual(["active", "active", "unused"]);
    expect(run.output).toMatch(/\[advisory\]\s+waivers[^]*W-1 waives ENC-04: 20 days left\. owner@corp\.example/);
    expect(run.output).toContain("W-3 (unused) does not waive NET-05");
  }, 60_000);

  it("stops at what no waiver may accept, and at what one accepted once or otherwise", async () => {
    const waivers = {
      ...waiving(
        waiverOf("W-1", "ENC-04", { created: day(-30), expires: day(-1) }),
        waiverOf("W-2", "ENC-01", { inputsSha256: "0".repeat(64) }),
        waiverOf("W-3", "IMM-01"),
      ),
      malformed: [{ waiver: waiverOf("W-4", "ENC-02", { owner: "" }), mistakes: ["[3].owner: found nothing"] }],
    };
    const { run, ledger } = await previewed(violated(["ENC-04", "ENC-01", "IMM-01"]), waivers);
    expect(run.code).not.toBe(0);
    for (const [id, why] of [
      ["ENC-04", "W-1 does not count: it expired on"],
      ["ENC-01", "W-2 does not count: what the rule read is not what was agreed to"],
      ["IMM-01", "W-3 does not count: IMM-01 cannot be waived"],
    ] as const) {
      expectStopped(run, ledger, id);
      expect(ledger.verdicts.find(({ rule, urn }) => rule === id && urn === found[id]?.urn)?.message).toContain(why);
    }
    expect(ledger.waivers.map(({ state }) => state)).toEqual(["expired", "changed-inputs", "refused", "malformed"]);
    expect(run.output).toMatch(/\[mandatory\]\s+malformed-waivers[^]*W-4 in stacks\/test\/waivers\.yaml: \[3\]\.owner/);
  }, 60_000);

  it("advises and goes on where the severity is medium", async () => {
    const { run, ledger } = await previewed(change(compliantWorld(), ruleTables["AVL-03"]!.violations[0]!));
    expect(run.code).toBe(0);
    expect(run.output).toMatch(/\[advisory\].*AVL-03/);
    expect(summarise([ledger])).toMatchObject({ fail: 1 });
  }, 60_000);

  it("counts what is not known yet as undecided, and does not fail the preview for it", async () => {
    const world = compliantWorld();
    const cluster = world.find(({ name }) => name === "cluster")!;
    delete (cluster.props as { encryptionConfig?: unknown }).encryptionConfig;
    cluster.from = { encryptionConfig: "key" };
    const { run, ledger } = await previewed(world);
    expect({ code: run.code, output: run.code === 0 ? "" : run.output }).toEqual({ code: 0, output: "" });
    expect(ledger.verdicts.filter(({ state }) => state === "open")).toMatchObject([
      { rule: "ENC-03", path: "encryptionConfig.resources" },
      // The ARN of a policy that is made in the same update.
      { rule: "IAM-02", path: "policyArn" },
    ]);
    expect(run.output).toMatch(/2 verdicts are undecided \((ENC-03, IAM-02|IAM-02, ENC-03)\)/);
  }, 60_000);

  it("lets a compliant program through, says what passed, and releases the deployed state", async () => {
    await lay(compliantWorld());
    const message = await keeper.begin("test");
    const run = await workspace.up("--message", message, ...gated());
    await keeper.updated("test", run.code === 0);
    expect({ code: run.code, output: run.code === 0 ? "" : run.output }).toEqual({ code: 0, output: "" });
    const ledger = readLedgers(verdicts).at(-1)!;
    expect(ledger).toMatchObject({ complete: true, project: "workspace", stack: "test", settings });
    const components = compliantWorld().filter(({ type }) => type.startsWith("cloister:"));
    expect(ledger.population.resources).toBe(compliantWorld().length - components.length);
    const summary = summarise([ledger]);
    expect(summary).toMatchObject({ fail: 0, open: 0, waived: 0, notApplicable: 0, notEvaluated: 80 - rules.length });
    expect(summary.pass).toBeGreaterThan(60);

    const engine = workspace["engine"];
    const analysis = await analyzeDeployed({
      engine,
      environment: workspace["environment"],
      projectDirectory: workspace.directory,
      stack: "test",
      settings,
      verdictsDirectory: verdicts,
    });
    expect(analysis).toMatchObject({ exit: "released", criticalFails: [], criticalOpens: [] });
    expect(analysis.ledger).toMatchObject({ phase: "analysis", complete: true });
    expect(await keeper.judged("test", true)).toBe(true);
    expect(await keeper.check("test")).toEqual({});

    const unsettled = await analyzeDeployed({
      engine,
      environment: workspace["environment"],
      projectDirectory: workspace.directory,
      stack: "test",
      settings: { ...settings, registry: undefined },
      verdictsDirectory: verdicts,
    });
    expect(unsettled.exit).toBe("not-released");
    expect(new Set(unsettled.criticalOpens.map(({ rule }) => rule))).toEqual(new Set(["SUP-02"]));
  }, 120_000);

  it("finds out that the stack was updated without it, and what by", async () => {
    const world = compliantWorld();
    await lay([...world, { ...world.find(({ name }) => name === "key")!, name: "quick-fix" }]);
    const plain = await workspace.up("--message", "by hand");
    expect({ code: plain.code, output: plain.code === 0 ? "" : plain.output }).toEqual({ code: 0, output: "" });
    const { ungated } = await keeper.check("test");
    expect(ungated?.updates).toMatchObject([
      { kind: "update", message: "by hand", result: "succeeded", withPack: false, changes: { create: 1 } },
    ]);
    expect(ungated?.resources).toEqual(["new quick-fix"]);
  }, 60_000);
});
