import { Agent, request } from "undici";
import { authorityOf } from "../ground/applications";
import { Lab } from "../lab";
import type { RunningLab } from "../running-lab";

export interface ServiceAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a service of the platform asks another one: with a certificate of their circle, by the name in the other's. */
export interface ServiceQuestion {
  /** Container of the service that is asked. */
  readonly container: string;
  /** Port of the container. */
  readonly port: number;
  /** Its name in the cluster. */
  readonly host: string;
  /** Whose certificate is shown. */
  readonly as: string;
  readonly path: string;
  readonly method?: "GET" | "POST" | "PUT";
  readonly body?: string;
}

/** Whether a service runs where this machine reaches it: as a process. */
export const reaches = (lab: RunningLab, container: string): lab is Lab =>
  lab instanceof Lab && lab.processesOf(container).length > 0;

/** Asks a service of a lab that runs as processes. @throws where it does not take the connection. */
export async function askService(lab: Lab, question: ServiceQuestion): Promise<ServiceAnswer> {
  const { container, port, host, as, path, method = "GET", body } = question;
  const { chain, privateKey } = lab.ground.substrate.certificate(as);
  const here = lab.processesOf(container)[0]?.ports[port] ?? 0;
  const dispatcher = new Agent({
    connect: { ca: authorityOf(lab.ground), cert: chain, key: privateKey, servername: host },
  });
  try {
    const answer = await request(`https://127.0.0.1:${here}${path}`, {
      dispatcher,
      method,
      headers: { host: `${host}:${here}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } finally {
    await dispatcher.close();
  }
}
