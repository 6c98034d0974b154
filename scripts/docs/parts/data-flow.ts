import { markdownTable } from "../markdown";
import { drawnFlows } from "./data-flow-facts";

/** The diagram's rows in words. */
export const dataFlowPart = (): string =>
  markdownTable(
    ["#", "from", "to", "data it may carry", "port", "protected by", "boundary crossed", "why"],
    drawnFlows.map(({ number, from, to, carries, flow, tls, boundary }) => [
      `${number}`,
      `\`${from}\``,
      `\`${to}\``,
      carries,
      `${flow.port} ${flow.protocols.join("/")}`,
      typeof flow.tls === "string" ? tls : `no TLS: ${flow.tls.none.waiver} (${flow.tls.none.owner})`,
      boundary,
      flow.why,
    ]),
  );
