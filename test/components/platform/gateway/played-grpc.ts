import * as grpc from "@grpc/grpc-js";
import type { Circles } from "./circles";

/** Answers one call: both sides are bytes as they travel. */
export type Answering = (request: Buffer) => Buffer;

const asItIs = (bytes: Buffer): Buffer => bytes;

/** A gRPC server of the platform on loopback, which asks for a certificate of its services. */
export class PlayedGrpc {
  private constructor(
    private readonly server: grpc.Server,
    public readonly port: number,
  ) {}

  /** @param methods by path, such as `/package.Service/Method`. */
  public static async start(
    circles: Circles,
    name: string,
    methods: Readonly<Record<string, Answering>>,
  ): Promise<PlayedGrpc> {
    const { chain, key } = await circles.issue("services", [name]);
    const server = new grpc.Server();
    const pair = { cert_chain: Buffer.from(chain), private_key: Buffer.from(key) };
    const credentials = grpc.ServerCredentials.createSsl(Buffer.from(circles.trust("services")), [pair], true);
    for (const [path, answer] of Object.entries(methods)) {
      server.addService(
        {
          call: {
            path,
            requestStream: false,
            responseStream: false,
            requestSerialize: asItIs,
            requestDeserialize: asItIs,
            responseSerialize: asItIs,
            responseDeserialize: asItIs,
          },
        },
        {
          call: ({ request }: grpc.ServerUnaryCall<Buffer, Buffer>, reply: grpc.sendUnaryData<Buffer>) =>
            reply(null, answer(request)),
        },
      );
    }
    const port = await new Promise<number>((bound, failed) => {
      server.bindAsync("127.0.0.1:0", credentials, (error, at) => (error === null ? bound(at) : failed(error)));
    });
    return new PlayedGrpc(server, port);
  }

  public stop(): void {
    this.server.forceShutdown();
  }
}
