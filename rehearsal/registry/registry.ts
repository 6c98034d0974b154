import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePorts } from "../processes/free-ports";
import { writePrivateFile } from "../processes/private-file";
import type { Supervisor } from "../processes/supervisor";

export interface RegistryOptions {
  /** The rehearsal's directory, absolute; images stay there for the next start. */
  readonly directory: string;
  /** Absolute path of the `registry` program of distribution/distribution. */
  readonly binary: string;
}

export interface Registry {
  /** As it stands in front of an image's name, such as `127.0.0.1:40125`. */
  readonly host: string;
  /** Such as `http://127.0.0.1:40125`: loopback only, and therefore without TLS. */
  readonly url: string;
}

/**
 * Starts a real OCI registry over a folder of the rehearsal, on loopback only.
 *
 * @throws ServerError when it does not start, with the end of its log.
 */
export async function startRegistry({ directory, binary }: RegistryOptions, supervisor: Supervisor): Promise<Registry> {
  const { registry: port } = await freePorts(directory, ["registry"]);
  const host = `127.0.0.1:${port}`;
  const configuration = writePrivateFile(
    join(directory, "registry", "configuration.yml"),
    stringify({
      version: 0.1,
      log: { level: "info", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(directory, "registry", "images") } },
      // Signs the state of uploads under way, none of which outlives the server.
      http: { addr: host, secret: randomBytes(32).toString("hex") },
    }),
  );
  await supervisor.startServer({
    name: "registry",
    command: binary,
    args: ["serve", configuration],
    // It would send traces to a collector that is not there.
    environment: { OTEL_TRACES_EXPORTER: "none" },
    port,
    ready: { url: `http://${host}/v2/` },
  });
  return { host, url: `http://${host}` };
}
