import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { objectName, type AuthorityName } from "../../../../components/certificates";
import type { Circles } from "./circles";

/** A request as it arrived there. */
export interface Arrived {
  readonly path: string;
  readonly host: string | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Names in the certificate of the caller. */
  readonly caller: string | undefined;
}

/**
 * Plays what is behind the door or its router: asks for a certificate of its callers' circle, and answers with its own name. A
 * body that holds `stream` is answered in two pieces, the second once `finish` was called; one that holds `break off` is read,
 * and then the connection is cut.
 */
export class PlayedServer {
  public readonly arrived: Arrived[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly says: string,
  ) {}

  /** A guard, which services call. */
  public static guard(circles: Circles): Promise<PlayedServer> {
    return PlayedServer.start(circles, "services", "guard.gateway.svc", "the guard");
  }

  /** A model server, which takes the callers' circle alone, as vLLM is told to. */
  public static model(circles: Circles, model: string): Promise<PlayedServer> {
    return PlayedServer.start(circles, "callers", `${objectName(model)}.serving.svc`, model);
  }

  private static async start(
    circles: Circles,
    callers: AuthorityName,
    name: string,
    says: string,
  ): Promise<PlayedServer> {
    const { chain, key } = await circles.issue("services", [name]);
    const server = createServer({
      cert: chain,
      key,
      ca: circles.trust(callers),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.3",
    });
    const played = new PlayedServer(server, says);
    played.answer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return played;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Lets the second piece of every stream go. */
  public finish(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  public async stop(): Promise<void> {
    this.finish();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private answer(): void {
    this.server.on("request", (request, response) => {
      const { subjectaltname } = (request.socket as TLSSocket).getPeerCertificate();
      this.arrived.push({
        path: request.url ?? "",
        host: request.headers.host,
        headers: request.headers,
        caller: subjectaltname,
      });
      let body = "";
      request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
      request.on("end", () => {
        if (body.includes("break off")) return request.socket.destroy();
        if (!body.includes("stream")) return response.end(this.says);
        response.write("first ");
        this.waiting.push(() => response.end("second"));
      });
    });
  }
}
