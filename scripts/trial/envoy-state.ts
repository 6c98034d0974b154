import { request } from "node:http";
import { join } from "node:path";
import type { Lab } from "../lab/lab";
import type { PlannedProcess } from "../lab/process-plan";

interface Cluster {
  readonly name: string;
  readonly host_statuses?: readonly { readonly health_status?: Readonly<Record<string, unknown>> }[];
}

/** What an Envoy of the lab answers on its own socket. Rejects while it does not run. */
function ask({ root, container }: PlannedProcess, path: string): Promise<string> {
  const socketPath = join(root, "tmp", container === "router" ? "router-admin.sock" : "admin.sock");
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve(text)).on("error", reject);
    });
    call.on("error", reject).end();
  });
}

/** Connections of applications to a door. */
export async function connectionsOf(door: PlannedProcess): Promise<number> {
  const name = `listener.127.0.0.1_${door.ports[8443] ?? 0}.downstream_cx_active`;
  const line = await ask(door, `/stats?filter=${name}$`);
  return Number(line.trim().split(": ")[1] ?? Number.NaN);
}

/** Whether every Envoy leads requests to each pod behind it, those that came back just now among them. */
export async function allBelieved(lab: Lab): Promise<boolean> {
  const envoys = [...lab.processesOf("envoy"), ...lab.processesOf("router")];
  const states = await Promise.all(envoys.map((one) => ask(one, "/clusters?format=json")));
  return states.every((text) =>
    (JSON.parse(text) as { cluster_statuses: readonly Cluster[] }).cluster_statuses
      .filter(({ name }) => name === "guard" || name.startsWith("model-"))
      .flatMap(({ host_statuses: hosts = [] }) => hosts)
      .every(({ health_status: health = {} }) => !Object.keys(health).some((key) => key.startsWith("failed_"))),
  );
}
