import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Circles } from "../../components/platform/gateway/circles";

export interface PlayedRecord {
  readonly key: string;
  readonly kind: string;
  readonly person?: string;
  readonly body: Record<string, unknown>;
  readonly at: number;
}

/** Plays a replica of the ledger: acknowledges, refuses or says nothing, as it is told. */
export class PlayedLedger {
  public readonly records: PlayedRecord[] = [];
  /** What it does with a record: 200 acknowledges, another status refuses, `silent` never answers. */
  public does: number | "silent" | ((kind: string) => number | "silent") = 200;
  /** Called before a record is acknowledged. */
  public before: (record: PlayedRecord) => Promise<void> = () => Promise.resolve();
  private static clock = 0;

  private constructor(
    private readonly server: Server,
    private readonly name: string,
  ) {}

  public static async start(circles: Circles, name: string): Promise<PlayedLedger> {
    const { chain, key } = await circles.issue("services", ["ledger.audit.svc"]);
    const ca = circles.trust("services");
    const server = createServer({ cert: chain, key, ca, requestCert: true, rejectUnauthorized: true });
    const played = new PlayedLedger(server, name);
    server.on("request", (request, response: ServerResponse) => {
      let text = "";
      request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      request.on("end", () => void played.take(JSON.parse(text) as PlayedRecord, response));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return played;
  }

  public get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async take(record: PlayedRecord, response: ServerResponse): Promise<void> {
    const does = typeof this.does === "function" ? this.does(record.kind) : this.does;
    if (does === "silent") return;
    response.writeHead(does, { "content-type": "application/json" });
    if (does !== 200) {
      response.end(JSON.stringify({ error: { code: "played" } }));
      return;
    }
    await this.before(record);
    this.records.push({ ...record, at: (PlayedLedger.clock += 1) });
    const sequence = this.records.length;
    response.end(JSON.stringify({ chain: `${this.name}.00000000`, sequence, hash: "0".repeat(64) }));
  }
}
