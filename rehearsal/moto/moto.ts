import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "../processes/free-ports";
import type { Supervisor } from "../processes/supervisor";

export interface MotoOptions {
  /** The rehearsal's directory, absolute; the journal of requests stays there for the next start. */
  readonly directory: string;
  /** Absolute path of the Python that has moto; undefined where this machine cannot have it. */
  readonly python: string | undefined;
}

export interface Moto {
  /** Such as `http://127.0.0.1:40127`: loopback only. */
  readonly url: string;
}

/**
 * Starts moto in the place of AWS, on loopback only. What earlier runs made is there again once it has played their
 * requests; a request that comes before then waits.
 *
 * @returns undefined where there is no moto: AWS's types are then checked and computed.
 * @throws ServerError when it does not start, with the end of its log.
 */
export async function startMoto(options: MotoOptions, supervisor: Supervisor): Promise<Moto | undefined> {
  const { python } = options;
  if (python === undefined) return undefined;
  const directory = join(options.directory, "moto");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { moto: port } = await freePorts(options.directory, ["moto"]);
  const url = `http://127.0.0.1:${port}`;
  await supervisor.startServer({
    name: "moto",
    command: python,
    args: [join(__dirname, "server.py"), String(port), join(directory, "requests.jsonl")],
    port,
    ready: { url: `${url}/cloister/ready` },
    graceSeconds: 15,
  });
  return { url };
}
