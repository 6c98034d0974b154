import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { flowEndName, flows, type Flow } from "../../components/flows";
import { docsFolder, markdownTable, pageWith } from "./page";

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

describe("docs/flows.md", () => {
  test("shows the flow table as the code has it", async () => {
    const page = await pageWith("flows.md", "flows", `${picture()}\n\n${table()}`);
    await expect(page).toMatchFileSnapshot(join(docsFolder, "flows.md"));
  });
});
