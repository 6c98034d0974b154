import { flowEndName, flows, type Flow } from "../../../components/flows";
import { markdownTable } from "../markdown";

const tlsOf = ({ tls }: Flow): string =>
  typeof tls === "string" ? tls : `none: ${tls.none.waiver} (${tls.none.owner})`;

function table(): string {
  const rows = flows.map((flow) => [
    `\`${flowEndName(flow.from)}\``,
    `\`${flowEndName(flow.to)}\``,
    `${flow.port}`,
    flow.protocols.join(", "),
    tlsOf(flow),
    flow.why,
  ]);
  return markdownTable(["from", "to", "port", "protocol", "TLS", "why"], rows);
}

function picture(): string {
  const node = (name: string) => `${name.replaceAll(/[^a-z]/g, "_")}["${name}"]`;
  const arrow = ({ tls }: Flow) => (tls === "mutual" ? "==>" : tls === "server" ? "-->" : "-.->");
  const lines = flows.map(
    (flow) => `  ${node(flowEndName(flow.from))} ${arrow(flow)}|${flow.port}| ${node(flowEndName(flow.to))}`,
  );
  return ["```mermaid", "flowchart LR", ...lines, "```"].join("\n");
}

/** The flow table as a picture and as a table. */
export const flowsPart = (): string => `${picture()}\n\n${table()}`;
