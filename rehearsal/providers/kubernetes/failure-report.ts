import type { Properties } from "../provider";
import type { Address, Cluster } from "./cluster";
import { conditionsOf, describeCondition } from "./readiness";

const EVENTS_SHOWN = 5;
const PODS_SHOWN = 5;

interface Event {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly metadata: { readonly creationTimestamp?: string };
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { type: string; status: string; reason?: string; message?: string }[];
    readonly containerStatuses?: readonly {
      name: string;
      state?: { waiting?: { reason?: string; message?: string }; terminated?: { reason?: string; exitCode?: number } };
    }[];
  };
}

/** Why an object did not come up, as one block of text: its conditions, its pods that are not ready, its last warnings. */
export async function failureReport(
  cluster: Cluster,
  address: Address,
  object: Properties,
  why: string,
): Promise<string> {
  const [pods, events] = await Promise.all([failingPods(cluster, address, object), warnings(cluster, address)]);
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [`  ${title}:`, ...lines.map((line) => `    ${line}`)] : [];
  return [
    `${address.mapping.kind} ${placeOf(address)} did not come up: ${why}`,
    ...section("conditions", conditionsOf(object).map(describeCondition)),
    ...section("pods that are not ready", pods),
    ...section("last warnings", events),
  ].join("\n");
}

export function placeOf({ mapping, namespace, name }: Address): string {
  return mapping.namespaced ? `${namespace}/${name}` : name;
}

async function failingPods(cluster: Cluster, address: Address, object: Properties): Promise<string[]> {
  const selector = (object.spec as { selector?: { matchLabels?: Record<string, string> } } | undefined)?.selector;
  if (!address.mapping.namespaced || !selector?.matchLabels) return [];
  const labelSelector = Object.entries(selector.matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const pods = (await cluster.list("pods", address.namespace, { labelSelector })) as unknown as Pod[];
  const ready = (pod: Pod) => pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return pods
    .filter((pod) => !ready(pod))
    .slice(0, PODS_SHOWN)
    .map(describePod);
}

function describePod({ metadata, status }: Pod): string {
  const containers = (status?.containerStatuses ?? []).flatMap(({ name, state }) => {
    if (state?.waiting) return [`${name} waits: ${state.waiting.reason} ${state.waiting.message ?? ""}`.trim()];
    return state?.terminated
      ? [`${name} ended: ${state.terminated.reason} (exit code ${state.terminated.exitCode})`]
      : [];
  });
  const conditions = (status?.conditions ?? [])
    .filter((condition) => condition.status === "False")
    .map(describeCondition);
  return [`${metadata.name} is ${status?.phase ?? "unknown"}`, ...containers, ...conditions].join("; ");
}

/** Warnings about the object and about what it owns: their names begin with its own. */
async function warnings(cluster: Cluster, { mapping, namespace, name }: Address): Promise<string[]> {
  const query = { fieldSelector: "type=Warning" };
  const events = (await cluster.list(
    "events",
    mapping.namespaced ? namespace : "default",
    query,
  )) as unknown as Event[];
  const time = (event: Event) => event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "";
  const about = ({ involvedObject }: Event) =>
    involvedObject.name === name || (mapping.namespaced && involvedObject.name?.startsWith(`${name}-`));
  return events
    .filter(about)
    .sort((one, other) => time(one).localeCompare(time(other)))
    .slice(-EVENTS_SHOWN)
    .map(
      ({ reason, message, involvedObject }) => `${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`,
    );
}
