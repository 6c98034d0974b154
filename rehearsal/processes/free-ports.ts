import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const remembered = z.record(z.string(), z.int().min(1).max(65535));

interface Reserved {
  readonly port: number;
  readonly release: () => Promise<void>;
}

/**
 * Below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing connections and to whoever asks for any:
 * seconds pass until a server takes the port it was promised, and nobody else is led there meanwhile.
 */
const range = { first: 20_000, end: 30_000 };
const attempts = 200;

/** Opens one of the range at random, or gives undefined when none was found free. */
async function reserveAny(): Promise<Reserved | undefined> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const one = await reserve(randomInt(range.first, range.end));
    if (one !== undefined) return one;
  }
  return undefined;
}

/** Opens the port on 127.0.0.1, or gives undefined when another program has it. */
async function reserve(port: number): Promise<Reserved | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(undefined) : reject(error),
    );
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      resolve({ port, release: () => new Promise((done) => server.close(() => done())) }),
    );
  });
}

/**
 * Free ports on 127.0.0.1, one for each name: the one used last time in this directory where it is still free, so that
 * kubeconfigs and image references stay the same between runs; else any.
 */
export async function freePorts<Name extends string>(
  directory: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const path = join(directory, "ports.json");
  const before = readRemembered(path);
  const reserved = [];
  for (const name of names) {
    const again = before[name] === undefined ? undefined : await reserve(before[name]);
    const one = again ?? (await reserveAny());
    if (one === undefined) throw new Error("This machine has no free TCP port on 127.0.0.1 left.");
    reserved.push({ name, ...one });
  }
  // All are held until each has its own: two names never get the same port.
  await Promise.all(reserved.map(({ release }) => release()));
  const chosen = Object.fromEntries(reserved.map(({ name, port }) => [name, port])) as Record<Name, number>;
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${path}.next`, `${JSON.stringify({ ...before, ...chosen }, null, 2)}\n`);
  renameSync(`${path}.next`, path);
  return chosen;
}

function readRemembered(path: string): Record<string, number> {
  try {
    return remembered.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}
