import type { Circles } from "./circles";
import { PlayedGrpc } from "./played-grpc";

/** What was asked: a domain, and keys with their values. */
export interface Counted {
  readonly domain: string;
  readonly descriptors: readonly (readonly [string, string][])[];
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

/** Fields of a protobuf message that have a length; others are passed over. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const next = (): number => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = message.readUInt8(at++);
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7;
    }
  };
  while (at < message.length) {
    const tag = next();
    if ((tag & 7) === 0) next();
    else {
      const length = next();
      fields.push({ number: tag >> 3, bytes: message.subarray(at, at + length) });
      at += length;
    }
  }
  return fields;
}

const of = (number: number, message: Buffer): Buffer[] =>
  fieldsOf(message)
    .filter((field) => field.number === number)
    .map(({ bytes }) => bytes);
const text = (number: number, message: Buffer): string => of(number, message)[0]?.toString() ?? "";

/** `envoy.service.ratelimit.v3.RateLimitRequest`, as far as it is looked at. */
const countedIn = (request: Buffer): Counted => ({
  domain: text(1, request),
  descriptors: of(2, request).map((one) =>
    of(1, one).map((entry): [string, string] => [text(1, entry), text(2, entry)]),
  ),
});

/** `RateLimitResponse` with nothing but its overall code. */
const answer = (code: "OK" | "OVER_LIMIT"): Buffer => Buffer.from([8, code === "OK" ? 1 : 2]);

/** Plays the service that counts: says yes until something that is asked has used up its limit. */
export class PlayedRateLimit {
  public readonly asked: Counted[] = [];
  /** What is over its limit, as `key=value`. */
  public readonly over = new Set<string>();
  private server: PlayedGrpc | undefined;

  /** @param name in its certificate. */
  public static async start(circles: Circles, name = "ratelimit.gateway.svc"): Promise<PlayedRateLimit> {
    const played = new PlayedRateLimit();
    played.server = await PlayedGrpc.start(circles, name, {
      "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit": (request) => {
        const counted = countedIn(request);
        played.asked.push(counted);
        const names = counted.descriptors.map((one) => one.map((pair) => pair.join("=")).join(","));
        return answer(names.some((each) => played.over.has(each)) ? "OVER_LIMIT" : "OK");
      },
    });
    return played;
  }

  public get port(): number {
    return this.server?.port ?? 0;
  }

  public stop(): void {
    this.server?.stop();
  }
}
