import type { ServerSpecification } from "../../../rehearsal/processes/server-specification";

/** A small real server: answers 200 on its port, prints a line at its start. */
export function httpServer(name: string, port: number, script = ""): ServerSpecification {
  const program = `${script}; require("node:http").createServer((_, r) => r.end("ok")).listen(${port}, "127.0.0.1"); console.log("listening")`;
  return {
    name,
    command: process.execPath,
    args: ["-e", program],
    port,
    ready: { url: `http://127.0.0.1:${port}/` },
    graceSeconds: 2,
  };
}

/** A program that prints a line and ends with an exit code. */
export function failing(name: string, line: string, code: number): ServerSpecification {
  const program = `console.error(${JSON.stringify(line)}); process.exit(${code})`;
  return { name, command: process.execPath, args: ["-e", program], ready: { port: 1 } };
}
