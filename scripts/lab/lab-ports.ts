import { createServer } from "node:net";
import { KitError } from "../../components/kit-error";
import { freePorts } from "../../rehearsal/processes/free-ports";

/** The door's pods, as `planProcesses` names their port. */
const doorPort = /^gateway\/envoy-(\d+):8443$/;

/**
 * A port on 127.0.0.1 for each name: those of the last time where they are still free; the door's as they were asked for.
 *
 * @param directory of the lab, which remembers them.
 * @param door port of the door's first pod; each further pod has the next one.
 * @throws KitError where another program has one that was asked for.
 */
export async function portsOf(
  directory: string,
  names: readonly string[],
  door: number | undefined,
): Promise<Record<string, number>> {
  if (door === undefined) return freePorts(directory, names);
  const fixed = Object.fromEntries(
    names.flatMap((name) => {
      const [, index] = doorPort.exec(name) ?? [];
      return index === undefined ? [] : [[name, door + Number(index)] as const];
    }),
  );
  await requireFreePorts(Object.values(fixed));
  const others = await freePorts(
    directory,
    names.filter((name) => fixed[name] === undefined),
  );
  return { ...others, ...fixed };
}

/** @throws KitError naming each port on 127.0.0.1 that another program has, or that may not be taken. */
export async function requireFreePorts(ports: readonly number[]): Promise<void> {
  const found = await Promise.all(ports.map(async (port) => ({ port, reason: await whyTaken(port) })));
  const mistakes = found.flatMap(({ port, reason }) =>
    reason === undefined
      ? []
      : [
          {
            path: "--port",
            found: reason === "EACCES" ? `${port}, which you may not open` : `${port}, which another program has`,
            allowed: `${ports.length} ports in a row that are free on 127.0.0.1, one for each pod of the door`,
            mend: "name another with --port, or leave it out",
          },
        ],
  );
  if (mistakes.length > 0) throw new KitError("The door cannot listen there", mistakes);
}

function whyTaken(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
