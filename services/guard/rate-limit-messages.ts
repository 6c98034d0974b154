import { Root, type Type } from "protobufjs/light";

/** One thing that is counted, and how much is added to its count; with nothing added, its count is only asked for. */
export interface Descriptor {
  readonly key: string;
  readonly value: string;
  readonly add: number;
}

/** What a descriptor's count has come to. */
export interface Counted {
  /** Undefined where it has no limit. */
  readonly remaining: number | undefined;
  readonly over: boolean;
  /** Until the count begins anew. */
  readonly seconds: number;
}

/** Path of the call in `envoy.service.ratelimit.v3`. */
export const shouldRateLimit = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

const field = (id: number, type: string) => ({ id, type });
const repeated = (id: number, type: string) => ({ id, type, rule: "repeated" });

/** As much of Envoy's messages as is used here, by their own numbers; what else an answer holds is passed over. */
const messages = Root.fromJSON({
  nested: {
    Request: { fields: { domain: field(1, "string"), descriptors: repeated(2, "Descriptor") } },
    Descriptor: { fields: { entries: repeated(1, "Entry"), hitsAddend: field(3, "Hits") } },
    Entry: { fields: { key: field(1, "string"), value: field(2, "string") } },
    // google.protobuf.UInt64Value: a zero that was said is another thing than none.
    Hits: { fields: { value: field(1, "uint64") } },
    Response: { fields: { overallCode: field(1, "int32"), statuses: repeated(2, "Status") } },
    Status: {
      fields: {
        code: field(1, "int32"),
        currentLimit: field(2, "Limit"),
        limitRemaining: field(3, "uint32"),
        durationUntilReset: field(4, "Duration"),
      },
    },
    Limit: { fields: { requestsPerUnit: field(1, "uint32") } },
    Duration: { fields: { seconds: field(1, "int64") } },
  },
});
const type = (name: string): Type => messages.lookupType(name);

const overLimit = 2;

export function encodeRequest(domain: string, descriptors: readonly Descriptor[]): Buffer {
  const message = {
    domain,
    descriptors: descriptors.map(({ key, value, add }) => ({ entries: [{ key, value }], hitsAddend: { value: add } })),
  };
  const request = type("Request");
  return Buffer.from(request.encode(request.fromObject(message)).finish());
}

/** @throws where it is no answer of the service. */
export function decodeResponse(bytes: Buffer): Counted[] {
  const response = type("Response");
  const { statuses = [] } = response.toObject(response.decode(bytes), { longs: Number }) as {
    statuses?: {
      code?: number;
      currentLimit?: object;
      limitRemaining?: number;
      durationUntilReset?: { seconds?: number };
    }[];
  };
  return statuses.map(({ code, currentLimit, limitRemaining = 0, durationUntilReset }) => ({
    over: code === overLimit,
    remaining: currentLimit === undefined ? undefined : limitRemaining,
    seconds: durationUntilReset?.seconds ?? 0,
  }));
}
