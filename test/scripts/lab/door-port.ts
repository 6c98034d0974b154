import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";

/** Above the ports that servers of other tests are given, and below those that the system gives to whoever asks. */
const range = { first: 30_010, end: 32_700 };

export const listen = (port: number): Promise<Server | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => resolve(server));
  });

export const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** A port that is free on 127.0.0.1, and so is the next. */
export async function doorPort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.first, range.end);
    const servers = [await listen(port), await listen(port + 1)];
    const open = servers.filter((server) => server !== undefined);
    await Promise.all(open.map(close));
    if (open.length === 2) return port;
  }
}
