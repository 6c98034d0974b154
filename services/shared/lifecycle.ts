import { once } from "node:events";
import type { Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Listening } from "./mutual-tls";

/** Starts to listen. @returns the port, which is the given one unless that was 0. Rejects where it is taken. */
export async function listen(server: Server | SecureServer, { address, port }: Listening): Promise<number> {
  server.listen(port, address);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Takes nothing new, and resolves when what runs is answered; after the grace (ms) the rest is cut. */
export async function drain(server: Server | SecureServer, grace: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  // Connections that become idle later are closed by this; Node closes only those that were idle before.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

/** Runs `stop` once when the process is told to end, and ends it with 0; with 1 where stopping failed. */
export function stopOnSignal(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop(signal).then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}
