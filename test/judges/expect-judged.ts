import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { planSubstrate } from "../../components/foundation";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import { SILENT_PROGRESS } from "../../rehearsal/setup/progress";
import type { ToolName } from "../../rehearsal/setup/tools";
import { resourcesOfState, type EngineResource } from "../../scripts/export/engine-resource";
import { exportSource } from "../../scripts/export/export-source";
import { kubernetesObjects } from "../../scripts/export/kubernetes-objects";
import { kubernetesYaml } from "../../scripts/export/kubernetes-yaml";
import { policyDocuments, type PolicyDocument } from "../../scripts/export/policy-documents";
import { writeKubernetes } from "../../scripts/export/written";
import { layers, readEnvironment, stackName, type Environment } from "../../stacks/environment";
import type { RehearsedExample } from "../e2e/rehearsed";
import { tools } from "../rehearsal/tools";
import { readAccepted, settle } from "./accepted-findings";
import { broken, strangers, withBrokenTwins } from "./broken-twins";
import { checkov } from "./checkov";
import { connectionLines, namedConnections, workloadsOf } from "./connections";
import { told, type Finding, type JudgeName } from "./finding";
import { appliedConnections } from "./network-policies";
import { podSecurity, type Kubectl } from "./pod-security";
import { cloudsplaining, parliament } from "./policy-linters";

const judgeTools = ["checkov", "parliament", "cloudsplaining", "network-config-analyzer"] as const;

/** What one judge says of an environment and of the broken twins beside it. */
interface Heard {
  readonly judge: JudgeName;
  readonly findings: readonly Finding[];
}

/**
 * Lays what a rehearsal brought up before the judges that others wrote, by way of the export: nothing is found but what is
 * accepted with a reason, all that is accepted is found, and each judge sees what was broken on purpose.
 *
 * A judge that cannot be had on this machine is told of, and its word is missing.
 */
export async function expectJudged(example: RehearsedExample): Promise<void> {
  const environment = readEnvironment(example.name, example.folder);
  const toolbox = await tools(...judgeTools);
  for (const [tool, why] of toolbox.unavailable) console.warn(`${tool} judged nothing of ${example.name}: ${why}.`);
  const state = dirname(example.files.directory);
  const { resources } = await exportSource(example.name, { rehearsed: true, state }, SILENT_PROGRESS);
  expectSameOfState(example, resources);
  const world = { environment, toolbox, resources, twins: withBrokenTwins(resources) };

  const [heard] = await Promise.all([
    Promise.all([hearCheckov(world), hearPodSecurity(world, kubectlOf(example)), ...hearLinters(world)]),
    expectOnlyNamedConnections(world),
  ]);
  const words = heard.filter((one) => one !== undefined);
  const of = (findings: readonly Finding[], twin: boolean) =>
    findings.filter(({ resource }) => resource.includes(broken) === twin);
  const silent = words.filter(({ findings }) => of(findings, true).length === 0).map(({ judge }) => judge);
  expect(silent).toEqual([]);
  const judges = words.map(({ judge }) => judge);
  const found = words.flatMap(({ findings }) => of(findings, false));
  const { open, unused } = settle(example.name, judges, found, readAccepted());
  expect({ open: open.map(told), unused }).toEqual({ open: [], unused: [] });
}

/** The engine's state tells the same as its events: what `--deployed` writes is what was planned. */
function expectSameOfState(example: RehearsedExample, resources: readonly EngineResource[]): void {
  const stored = layers.flatMap((layer) => {
    const file = readFileSync(example.files.stackState(stackName(example.name, layer)), "utf8");
    const { checkpoint } = JSON.parse(file) as { checkpoint: { latest: object } };
    return resourcesOfState(JSON.stringify({ deployment: checkpoint.latest }));
  });
  const yaml = (all: readonly EngineResource[]) => kubernetesYaml(example.name, kubernetesObjects(all).objects);
  expect(yaml(stored)).toBe(yaml(resources));
  const documents = (all: readonly EngineResource[]) =>
    policyDocuments(all).documents.map(({ file, document }) => [file, document]);
  expect(documents(stored)).toEqual(documents(resources));
}

interface World {
  readonly environment: Environment;
  readonly toolbox: Toolbox;
  readonly resources: readonly EngineResource[];
  /** The same, and what was broken on purpose beside it. */
  readonly twins: readonly EngineResource[];
}

const has = ({ toolbox }: World, tool: ToolName): boolean => toolbox.tools.has(tool);

async function hearCheckov(world: World): Promise<Heard | undefined> {
  if (!has(world, "checkov")) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "cloister-export-"));
  try {
    const files = [world.resources, world.twins].map((resources, index) => {
      const file = join(folder, `${index}.yaml`);
      writeKubernetes(file, world.environment.name, kubernetesObjects(resources).objects);
      return file;
    });
    const [real, twins] = await checkov(world.toolbox, files);
    const { passed, checks, findings } = real!;
    console.log(
      `Checkov on ${world.environment.name}: ${passed} passed, ${findings.length} failed, of ${checks} checks.`,
    );
    const seen = twins!.findings.filter(({ resource }) => resource.includes(broken));
    return { judge: "checkov", findings: [...findings, ...seen] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function hearPodSecurity({ twins }: World, kubectl: Kubectl): Promise<Heard> {
  return { judge: "pod-security", findings: await podSecurity(kubectl, kubernetesObjects(twins).objects) };
}

/** Only where the environment has policy documents at all. */
function hearLinters(world: World): Promise<Heard | undefined>[] {
  const { environment, toolbox, resources, twins } = world;
  if (policyDocuments(resources).documents.length === 0) return [];
  const { documents } = policyDocuments(twins);
  const { footprint } = environment;
  const account = footprint.kind === "private-cloud" ? footprint.account : "";
  const heard = async (judge: "parliament" | "cloudsplaining", lint: (all: PolicyDocument[]) => Promise<Finding[]>) =>
    has(world, judge) ? { judge, findings: await lint([...documents]) } : undefined;
  return [
    heard("parliament", (all) => parliament(toolbox, all)),
    heard("cloudsplaining", (all) => cloudsplaining(toolbox, account, all)),
  ];
}

/** Promise 1: the applied policies let through what the flow table names, and nothing else; the twin's hole is seen. */
async function expectOnlyNamedConnections(world: World): Promise<void> {
  if (!has(world, "network-config-analyzer")) return;
  const applied = await appliedConnections(world.toolbox, kubernetesObjects(world.twins).objects);
  const { clients } = world.environment.platform.door;
  const workloads = workloadsOf(kubernetesObjects(world.resources).objects);
  const { network, auditSource } = planSubstrate(world.environment);
  const named = namedConnections(workloads, {
    clients: clients.map(({ cidr }) => cidr),
    objectStore: network.objectStore,
    auditLog: auditSource.kind === "api-server-log",
  });
  expect(applied.filter((line) => !line.includes(broken))).toEqual(connectionLines(named));
  const hole = connectionLines([{ from: strangers, to: `gateway/${broken}`, port: "all" }]);
  expect(applied.filter((line) => line.includes(broken))).toEqual(expect.arrayContaining(hole));
}

const run = promisify(execFile);

/** As the environment's operators: an answer that is no success is one, too. */
const kubectlOf =
  (example: RehearsedExample): Kubectl =>
  async (...args) => {
    const kubectl = example.toolbox.path("kubectl");
    try {
      const { stdout, stderr } = await run(kubectl, ["--kubeconfig", example.files.kubeconfig, ...args]);
      return { output: stdout, errors: stderr };
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      if (stdout === undefined || stderr === undefined) throw error;
      return { output: stdout, errors: stderr };
    }
  };
