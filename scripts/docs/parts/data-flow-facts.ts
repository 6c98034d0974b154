import { dataClasses, dataClassNames, type DataClassName } from "../../../components/data-classes";
import { flowEndName, flows, type Flow, type FlowEnd } from "../../../components/flows";
import { zones } from "../../../components/zones";

/** What a reader has to trust differently on each side: a flow that crosses one is judged at both of its ends. */
export type Boundary = "company and cluster" | "zone and zone" | "cluster and substrate";

/** A flow with what a data-flow diagram says of it; the number is its place in the table. */
export interface DrawnFlow {
  readonly number: number;
  readonly flow: Flow;
  readonly from: string;
  readonly to: string;
  /** `mutual TLS`, `server's TLS` or `no TLS`. */
  readonly tls: string;
  /** The most sensitive classes of data that it may carry; `names` where it carries none of ours. */
  readonly carries: string;
  readonly boundary: Boundary;
}

const tlsNames = { mutual: "mutual TLS", server: "server's TLS" } as const;

/** Classes whose bucket an application reads or writes. */
export function grantedTo(end: FlowEnd): DataClassName[] {
  const name = flowEndName(end);
  return dataClassNames.filter((one) => {
    const { readers, writers } = dataClasses[one];
    return ([...readers, ...writers] as string[]).includes(name);
  });
}

function carried({ from, to }: Flow): string {
  if ("service" in to) return to.service === "object-store" ? grantedTo(from).join(", ") : "names";
  // Metrics are fetched: what flows, flows to the caller.
  const taker = "zone" in from && from.zone === "observability" ? from : to;
  return "zone" in taker ? zones[taker.zone].dataClass : "";
}

function boundaryOf({ from, to }: Flow): Boundary {
  if ("peer" in from || "peer" in to) return "company and cluster";
  return "service" in to || "service" in from ? "cluster and substrate" : "zone and zone";
}

/** The flow table as the diagram numbers it. */
export const drawnFlows: readonly DrawnFlow[] = flows.map((flow, index) => ({
  number: index + 1,
  flow,
  from: flowEndName(flow.from),
  to: flowEndName(flow.to),
  tls: typeof flow.tls === "string" ? tlsNames[flow.tls] : "no TLS",
  carries: carried(flow),
  boundary: boundaryOf(flow),
}));
