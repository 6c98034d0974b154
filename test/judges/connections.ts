import { flows, type FlowEnd } from "../../components/flows";
import type { KubernetesObject } from "../../scripts/export/kubernetes-objects";
import { AddressRanges } from "./address-ranges";

/** One way from an end to another: `gateway/envoy` to `serving/qwen3-8b` by `TCP 8000`. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  /** Protocol and port, such as `TCP 443`; `all` where nothing is held back. */
  readonly port: string;
}

/** A workload of the platform, as the flow table speaks of it. */
export interface StandingWorkload {
  readonly name: string;
  readonly zone: string;
  readonly app: string;
}

/** Who stands in the evaluator's world beside the platform, in place of the rest of the cluster. */
export const neighbours = {
  dns: "kube-system/coredns",
  auditLog: "kube-system/cloister-audit-log",
  stranger: "elsewhere/stranger",
} as const;

interface PodTemplate {
  readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
}

/** The workloads among exported objects, by their pods' labels. */
export const workloadsOf = (objects: readonly KubernetesObject[]): StandingWorkload[] =>
  objects.flatMap(({ kind, metadata, spec }) => {
    const labels = (spec as PodTemplate | undefined)?.template?.metadata?.labels;
    if (labels === undefined || !["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(kind)) return [];
    const zone = labels["cloister.dev/zone"] ?? "";
    return [{ name: `${metadata.namespace}/${metadata.name}`, zone, app: labels["app.kubernetes.io/name"] ?? "" }];
  });

/** Addresses behind the flow table's outside ends, as IPv4 CIDRs. */
export interface Outside {
  readonly clients: readonly string[];
  readonly objectStore: readonly string[];
  readonly auditLog: boolean;
}

/** Every connection that the flow table names, between the workloads that stand; nothing else exists. */
export function namedConnections(workloads: readonly StandingWorkload[], outside: Outside): Connection[] {
  const services = { dns: [neighbours.dns], "audit-log": outside.auditLog ? [neighbours.auditLog] : [] };
  const ends = (end: FlowEnd): string[] => {
    if ("zone" in end) return workloads.filter((one) => one.zone === end.zone && one.app === end.app).map(nameOf);
    if ("everyZone" in end) return workloads.map(nameOf);
    if ("service" in end) return { ...services, "object-store": [...outside.objectStore] }[end.service];
    return [...outside.clients];
  };
  return flows.flatMap(({ from, to, port, protocols }) =>
    ends(from).flatMap((source) =>
      ends(to).flatMap((target) =>
        protocols.map((protocol) => ({ from: source, to: target, port: `${protocol} ${port}` })),
      ),
    ),
  );
}

const nameOf = ({ name }: StandingWorkload): string => name;

/** One line for each connection, addresses drawn together, in order: two lists are the same where these are. */
export function connectionLines(connections: readonly Connection[]): string[] {
  const ranges = new Map<string, AddressRanges>();
  const lines = new Set<string>();
  for (const { from, to, port } of connections) {
    const [near, line] = AddressRanges.isOne(from)
      ? [from, `{} => ${to} : ${port}`]
      : AddressRanges.isOne(to)
        ? [to, `${from} => {} : ${port}`]
        : [undefined, `${from} => ${to} : ${port}`];
    if (near === undefined) lines.add(line);
    else ranges.set(line, (ranges.get(line) ?? new AddressRanges()).with(near));
  }
  return [...lines, ...[...ranges].map(([line, all]) => line.replace("{}", all.text))].sort();
}
