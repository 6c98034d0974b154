import { flowEndName, type Flow, type FlowEnd } from "../../../components/flows";
import type { ComposeNetwork } from "./compose-file";
import type { Difference } from "./fields";
import { podName, type Pod } from "./pods";
import type { Addition } from "./rendering";

/** Networks by name, and who is in which: `asked` where others reach it there, so that it bears its names. */
export interface FlowNetworks {
  readonly networks: Readonly<Record<string, ComposeNetwork>>;
  readonly of: (member: Pod | Addition) => readonly { readonly network: string; readonly asked: boolean }[];
}

export interface FlowNetworkArgs {
  readonly flows: readonly Flow[];
  readonly pods: readonly Pod[];
  readonly additions: readonly Addition[];
  /** IPv4 network in CIDR notation. */
  readonly addresses: string;
  readonly differences: Difference[];
}

type Member = Pod | Addition;

const keyOf = (member: Member): string =>
  "spec" in member ? `pod ${member.namespace}/${podName(member)}` : `addition ${member.name}`;

/** The application of a pod as the flow table names it. */
const appOf = ({ namespace, labels }: Pod): string => `${namespace}/${labels["app.kubernetes.io/name"] ?? ""}`;

/**
 * A network for each flow of the table, with its two ends in it and nobody else, and no way out. What is published to this
 * machine needs a network with a way in; its packets are not translated, so that there is no way out of it either.
 */
export function flowNetworks(args: FlowNetworkArgs): FlowNetworks {
  const networks: Record<string, ComposeNetwork> = {};
  const members = new Map<string, { network: string; asked: boolean }[]>();
  const rows = args.flows.flatMap((flow) => fromEach(flow, args.pods).map((from) => ({ flow, from })));
  for (const { flow, from } of rows) {
    const to = flowEndName(flow.to);
    const callers = membersAt(from, args);
    const called = membersAt(to, args);
    const open = "peer" in flow.from;
    if (called.length === 0 || (callers.length === 0 && !open)) {
      args.differences.push(noNetwork(flow, from));
      continue;
    }
    const name = `${from}--${to}--${flow.port}`.replace(/[^a-z0-9.]+/g, (found) => (found === "--" ? found : "-"));
    networks[name] = {
      internal: !open,
      ...(open ? { driver_opts: { "com.docker.network.bridge.enable_ip_masquerade": "false" } } : {}),
      ipam: { config: [{ subnet: subnetAt(args.addresses, Object.keys(networks).length) }] },
    };
    const join = (member: Member, asked: boolean) => {
      const joined = members.get(keyOf(member)) ?? [];
      members.set(keyOf(member), joined);
      const same = joined.find(({ network }) => network === name);
      if (same === undefined) joined.push({ network: name, asked });
      else same.asked ||= asked;
    };
    for (const member of called) join(member, true);
    for (const member of callers) join(member, false);
  }
  return { networks, of: (member) => members.get(keyOf(member)) ?? [] };
}

/** Names of the ends that a flow begins at: `every zone` stands for each application by itself. */
function fromEach({ from, to }: Flow, pods: readonly Pod[]): string[] {
  const everyApp = "everyZone" in from && !isDns(to);
  return everyApp ? [...new Set(pods.map(appOf))] : [flowEndName(from)];
}

const isDns = (end: FlowEnd): boolean => "service" in end && end.service === "dns";

const membersAt = (end: string, { pods, additions }: FlowNetworkArgs): Member[] => [
  ...pods.filter((pod) => appOf(pod) === end),
  ...additions.filter((addition) => addition.end === end),
];

function noNetwork(flow: Flow, from: string): Difference {
  const dns = isDns(flow.to);
  return {
    object: `flow ${from} → ${flowEndName(flow.to)}:${flow.port}`,
    field: "",
    kubernetes: flow.why,
    compose: dns ? "the engine's own DNS in every container" : "no network",
    reason: dns
      ? "the engine answers for names of the networks that a container is in; no packet leaves it for that"
      : "nothing stands at one of its ends here",
  };
}

/** Addresses of one network: two ends with all their copies have room in 32. */
const prefix = 27;

function subnetAt(addresses: string, index: number): string {
  const [first = "", length = ""] = addresses.split("/");
  const start = first.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - prefix);
  if ((index + 1) * size > 2 ** (32 - Number(length))) throw new Error(`${addresses} has no room for another network`);
  const at = start + index * size;
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(at / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}
