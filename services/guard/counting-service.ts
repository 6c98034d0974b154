import { createSecureContext } from "node:tls";
import * as grpc from "@grpc/grpc-js";
import { clientCredentials, type TlsFiles } from "../shared/mutual-tls";
import { decodeResponse, encodeRequest, shouldRateLimit, type Counted, type Descriptor } from "./rate-limit-messages";

export interface CountingServiceOptions {
  /** As gRPC names it: a name of the DNS that leads to every pod. */
  readonly address: string;
  /** Name that their certificates have to carry. */
  readonly serverName: string;
  readonly timeoutMilliseconds: number;
  readonly tls: TlsFiles;
}

/** One that is gone is left out by itself; a call that had reached nobody yet is made again elsewhere. */
const serviceConfig = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      name: [{}],
      retryPolicy: {
        maxAttempts: 3,
        initialBackoff: "0.02s",
        maxBackoff: "0.1s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

/** The way to envoyproxy/ratelimit, over mutual TLS. */
export class CountingService {
  private readonly client: grpc.Client;

  public constructor(private readonly options: CountingServiceOptions) {
    const { tls, address, serverName } = options;
    const context = createSecureContext(clientCredentials(tls));
    this.client = new grpc.Client(address, grpc.credentials.createFromSecureContext(context), {
      "grpc.ssl_target_name_override": serverName,
      "grpc.default_authority": serverName,
      "grpc.service_config": JSON.stringify(serviceConfig),
      "grpc.service_config_disable_resolution": 1,
      "grpc.keepalive_time_ms": 10_000,
      "grpc.keepalive_timeout_ms": 2000,
      // Whoever is back is asked at once, and not when the longest of gRPC's own waits is over.
      "grpc.initial_reconnect_backoff_ms": 200,
      "grpc.max_reconnect_backoff_ms": 1000,
    });
  }

  /**
   * Adds to counts, and tells what they have come to, in the order of the descriptors.
   *
   * @throws where it did not answer in time, or not for each of them.
   */
  public async count(domain: string, descriptors: readonly Descriptor[]): Promise<Counted[]> {
    const deadline = Date.now() + this.options.timeoutMilliseconds;
    const counted = await new Promise<Counted[]>((resolve, reject) => {
      this.client.makeUnaryRequest(
        shouldRateLimit,
        (bytes: Buffer) => bytes,
        decodeResponse,
        encodeRequest(domain, descriptors),
        { deadline },
        (error, answer) => {
          if (error !== null || answer === undefined) reject(error ?? new Error("an empty answer"));
          else resolve(answer);
        },
      );
    });
    if (counted.length !== descriptors.length) throw new Error("an answer to another question");
    return counted;
  }

  public close(): void {
    this.client.close();
  }
}
