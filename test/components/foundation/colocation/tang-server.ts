import { spawn } from "node:child_process";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { mkdirSync } from "node:fs";
import type { DebianPrograms } from "./debian-programs";

/** A real Tang server on loopback: `tangd` answers one connection each, as under socket activation. */
export class TangServer {
  private constructor(
    private readonly server: Server,
    private readonly sockets: ReadonlySet<Socket>,
    public readonly url: string,
    public readonly thumbprint: string,
  ) {}

  /** @param directory of its keys, made where there are none. */
  public static async start(programs: DebianPrograms, directory: string, port = 0): Promise<TangServer> {
    mkdirSync(directory, { recursive: true });
    const made = programs.run("tangd-keygen", [directory]);
    if (made.status !== 0) throw new Error(`tangd-keygen: ${made.stderr}`);
    const signing = programs.run("sh", ["-c", `grep -l '"ES512"' "$0"/*.jwk`, directory]).stdout.trim();
    const { stdout } = programs.run("jose", ["jwk", "thp", "-a", "S256", "-i", signing]);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      const child = spawn("tangd", [directory], { env: programs.environment, stdio: ["pipe", "pipe", "ignore"] });
      socket.pipe(child.stdin).on("error", () => child.kill());
      child.stdout.pipe(socket).on("error", () => child.kill());
      socket.on("close", () => {
        sockets.delete(socket);
        child.kill();
      });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new TangServer(server, sockets, url, stdout.trim());
  }

  public get port(): number {
    return Number(new URL(this.url).port);
  }

  public async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
