import { Pool } from "undici";
import { Refusal } from "../shared/http";
import type { Logger } from "../shared/log";
import { clientCredentials, type TlsFiles } from "../shared/mutual-tls";
import type { GuardMetrics } from "./metrics";

/** Where a record is, as a replica of the ledger acknowledged it. */
export interface Receipt {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
}

export interface Entry {
  /** The same for every try: a replica records it once. */
  readonly key: string;
  readonly kind: string;
  readonly person?: string;
  /** SHA-256 of what was said, 64 hexadecimal digits each. */
  readonly digests?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface LedgerClientOptions {
  readonly replicas: readonly string[];
  readonly serverName: string;
  readonly timeoutMilliseconds: number;
  readonly tls: TlsFiles;
  readonly log: Logger;
  readonly metrics: GuardMetrics;
  /** Which replica is asked first: guards that differ in this share the work. */
  readonly first: number;
}

interface Replica {
  readonly url: string;
  readonly pool: Pool;
  /** Passed over until then, milliseconds since 1970. */
  passedOver: number;
}

const passOverMilliseconds = 2000;

/** What a replica said no to for good: another would say the same. */
const final = new Set([400, 403, 404, 409, 413]);

/** The way to the ledger: the one replica or, where it does not acknowledge, the next. */
export class LedgerClient {
  private readonly replicas: Replica[];

  public constructor(private readonly options: LedgerClientOptions) {
    const { tls, serverName: servername, replicas, first } = options;
    const connect = {
      ...clientCredentials(tls),
      servername,
      timeout: options.timeoutMilliseconds,
    };
    const made = replicas.map((url) => ({
      url,
      pool: new Pool(url, { connections: 16, pipelining: 1, connect }),
      passedOver: 0,
    }));
    this.replicas = made.map((_, index) => made[(index + first) % made.length] as Replica);
  }

  /**
   * Puts an entry on the record of the first replica that takes it.
   *
   * @returns once it would outlive a power cut.
   * @throws Refusal 503 where none took it: what was to be recorded must not happen.
   */
  public async append(entry: Entry): Promise<Receipt> {
    const body = JSON.stringify(entry);
    const now = Date.now();
    // One that failed a moment ago is the last resort and not left out: it may be the only one that is back.
    const order = [...this.replicas].sort(
      (left, right) => Number(left.passedOver > now) - Number(right.passedOver > now),
    );
    for (const replica of order) {
      const receipt = await this.tryOne(replica, body);
      if (receipt !== undefined) return receipt;
    }
    this.options.metrics.unrecorded.inc();
    throw new Refusal(503, "ledger_unavailable", "The request cannot be put on the record, so it is not served.", 1);
  }

  public async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ pool }) => pool.close()));
  }

  private async tryOne(replica: Replica, body: string): Promise<Receipt | undefined> {
    const { timeoutMilliseconds, log, metrics } = this.options;
    try {
      const answer = await replica.pool.request({
        method: "POST",
        path: "/v1/records",
        headers: { "content-type": "application/json" },
        body,
        headersTimeout: timeoutMilliseconds,
        bodyTimeout: timeoutMilliseconds,
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200) {
        replica.passedOver = 0;
        return JSON.parse(text) as Receipt;
      }
      log.error({ replica: replica.url, status: answer.statusCode, said: text.slice(0, 300) }, "the ledger refused");
      metrics.ledgerFailures.inc({ replica: replica.url });
      if (!final.has(answer.statusCode)) replica.passedOver = Date.now() + passOverMilliseconds;
    } catch (error) {
      log.error({ replica: replica.url, reason: String(error) }, "the ledger did not answer");
      metrics.ledgerFailures.inc({ replica: replica.url });
      replica.passedOver = Date.now() + passOverMilliseconds;
    }
    return undefined;
  }
}
