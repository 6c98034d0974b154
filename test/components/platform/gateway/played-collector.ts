import type { Circles } from "./circles";
import { PlayedGrpc } from "./played-grpc";

const collects = "/opentelemetry.proto.collector";

/** Plays the collector: takes log records and spans over mutual TLS and keeps their bytes, in which strings stand in clear. */
export class PlayedCollector {
  private readonly taken = { logs: [] as Buffer[], spans: [] as Buffer[] };
  private readonly watchers: (() => void)[] = [];
  private server: PlayedGrpc | undefined;

  public static async start(circles: Circles): Promise<PlayedCollector> {
    const played = new PlayedCollector();
    played.server = await PlayedGrpc.start(circles, "collector.audit.svc", {
      [`${collects}.logs.v1.LogsService/Export`]: (bytes) => played.take("logs", bytes),
      [`${collects}.trace.v1.TraceService/Export`]: (bytes) => played.take("spans", bytes),
    });
    return played;
  }

  public get port(): number {
    return this.server?.port ?? 0;
  }

  /** Resolves with all that came so far once the text is in it. */
  public holding(text: string, what: "logs" | "spans" = "logs"): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        const all = Buffer.concat(this.taken[what]).toString("latin1");
        if (all.includes(text)) resolve(all);
      };
      this.watchers.push(look);
      look();
    });
  }

  public stop(): void {
    this.server?.stop();
  }

  private take(what: "logs" | "spans", bytes: Buffer): Buffer {
    this.taken[what].push(bytes);
    for (const look of this.watchers) look();
    return Buffer.alloc(0);
  }
}
