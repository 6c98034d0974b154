import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/**
 * Plays the one address behind which a cluster has the pods of its door: each new connection goes to the next pod on the
 * list, and one that is there stays where it is, also when its pod is taken off the list.
 */
export class Balancer {
  private readonly open = new Set<Socket>();
  private turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly list: number[],
  ) {}

  /** @param doors ports on 127.0.0.1. */
  public static async start(doors: readonly number[]): Promise<Balancer> {
    const server = createServer({ allowHalfOpen: true });
    const made = new Balancer(server, [...doors]);
    server.on("connection", (client) => void made.lead(client));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return made;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Leads nobody new to a door. */
  public leave(door: number): void {
    this.list.splice(this.list.indexOf(door), 1);
  }

  public join(door: number): void {
    this.list.push(door);
  }

  public async stop(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private async lead(client: Socket): Promise<void> {
    this.keep(client);
    const first = (this.turn += 1);
    const order = this.list.map((_, index) => this.list[(index + first) % this.list.length] ?? 0);
    for (const door of order) {
      const way = await this.reach(door);
      if (way === undefined) continue;
      client.pipe(way).pipe(client);
      // A connection that breaks off at one end breaks off at the other.
      for (const [one, other] of [
        [client, way],
        [way, client],
      ] as const)
        one.once("close", (broken) => (broken ? other.destroy() : other.end()));
      return;
    }
    client.destroy();
  }

  /** @returns undefined where nobody listens. */
  private reach(door: number): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const way = connect({ host: "127.0.0.1", port: door, allowHalfOpen: true }, () => resolve(way));
      this.keep(way);
      way.once("error", () => resolve(undefined));
    });
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on("error", () => undefined).once("close", () => this.open.delete(socket));
  }
}
