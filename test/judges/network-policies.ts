import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { auditLogPods, dnsPods } from "../../components/flows";
import type { Toolbox } from "../../rehearsal/setup/toolbox";
import type { KubernetesObject } from "../../scripts/export/kubernetes-objects";
import { kubernetesYaml } from "../../scripts/export/kubernetes-yaml";
import { connectionLines, neighbours, type Connection } from "./connections";
import { runJudge } from "./judge-program";

/**
 * What the applied NetworkPolicies let through, by an evaluator that knows nothing of the flow table: it draws every
 * connection between workloads, their neighbours in the cluster and all addresses, symbolically, so that none is missed.
 *
 * @returns one line for each, of those that have an end in the platform.
 */
export async function appliedConnections(toolbox: Toolbox, objects: readonly KubernetesObject[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloister-network-"));
  try {
    writeFileSync(join(folder, "platform.yaml"), kubernetesYaml("the platform", objects));
    writeFileSync(join(folder, "neighbours.yaml"), neighbourYaml());
    const printed = await runJudge(toolbox, {
      python: "network-config-analyzer-python",
      program: "nca",
      args: ["--connectivity", "--resource_list", folder, "--output_format", "txt_no_fw_rules", "--return_0"],
    });
    const connections = printed.split("\n").flatMap(connectionsOf);
    if (connections.length === 0) throw new Error(`the evaluator drew nothing:\n${printed}`);
    return connectionLines(connections.filter(({ from, to }) => !outside(from) || !outside(to)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const outside = (end: string): boolean => /^\d/.test(end) || (Object.values(neighbours) as string[]).includes(end);

/** `gateway/envoy[Deployment] => serving/qwen3-8b[Deployment] : {protocols:TCP,dst_ports:8000}` */
function connectionsOf(line: string): Connection[] {
  const [, from, to, what] = /^(.+?) => (.+?) : (.+)$/.exec(line.trim()) ?? [];
  if (from === undefined || to === undefined || what === undefined) return [];
  const ends = { from: from.replace(/\[\w+\]$/, ""), to: to.replace(/\[\w+\]$/, "") };
  return portsOf(what).map((port) => ({ ...ends, port }));
}

function portsOf(text: string): string[] {
  if (text === "All connections") return ["all"];
  const [, protocols, numbers] = /^\{protocols:(.+),dst_ports:(.+)\}$/.exec(text) ?? [];
  // All ports of a protocol, say: shown as it stands, so that it is like nothing in the flow table.
  if (protocols === undefined || numbers === undefined) return [text];
  return protocols.split(/,\s*/).flatMap((protocol) => numbers.split(/,\s*/).map((number) => `${protocol} ${number}`));
}

/** The cluster's DNS, and somebody else's pods in a namespace of theirs, with nothing that holds them back. */
const neighbourYaml = (): string =>
  [
    { ...split(neighbours.dns), labels: dnsPods.labels },
    { ...split(neighbours.auditLog), labels: auditLogPods.labels },
    { ...split(neighbours.stranger), labels: { app: "stranger" } },
  ]
    .flatMap(({ namespace, name, labels }) => [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name, image: "neighbour" }] } },
        },
      },
    ])
    .map((object) => stringify(object, { version: "1.1" }))
    .join("---\n");

const split = (place: string): { namespace: string; name: string } => {
  const [namespace = "", name = ""] = place.split("/");
  return { namespace, name };
};
