import { flowEndName, flows, type FlowEnd } from "../../components/flows";
import type { EvidenceFlow } from "../../policies/evidence/evidence";

/** The picture draws zones, not applications. */
const endName = (end: FlowEnd): string => ("zone" in end ? end.zone : flowEndName(end));

/** The flow table as the page draws it. */
export const evidenceFlows = (): EvidenceFlow[] =>
  flows.map(({ from, to, port, tls, why }) => ({
    from: endName(from),
    to: endName(to),
    port,
    tls: typeof tls === "string" ? tls : "none",
    why,
  }));
