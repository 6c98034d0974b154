import Table from "cli-table3";
import { flowEndName, flows } from "../components/flows";

/** `flows`: who may talk to whom. */
export function printFlows(json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(flows, null, 2)}\n`);
    return;
  }
  const table = new Table({
    head: ["from", "to", "port", "TLS", "why"],
    colWidths: [26, 22, 8, 10, 62],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { from, to, port, tls, why } of flows) {
    table.push([flowEndName(from), flowEndName(to), port, typeof tls === "string" ? tls : "none", why]);
  }
  process.stdout.write(`${table.toString()}\n`);
}
