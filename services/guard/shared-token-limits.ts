import { createHmac } from "node:crypto";
import { Refusal } from "../shared/http";
import type { Logger } from "../shared/log";
import type { CountingService } from "./counting-service";
import type { Identity } from "./identity";
import type { GuardMetrics } from "./metrics";
import type { Counted, Descriptor } from "./rate-limit-messages";
import type { TokenLimits } from "./token-limits";

export interface SharedTokenLimitsOptions {
  readonly service: Pick<CountingService, "count" | "close">;
  /** Groups with a limit for all of their members together. */
  readonly groups: readonly string[];
  /** By which persons get the names under which they are counted; all guards hold it, and nobody else does. */
  readonly key: Buffer;
  readonly metrics: GuardMetrics;
  readonly log: Logger;
}

const domain = "tokens";
const againMilliseconds = 1000;

/**
 * Tokens that all guards count together. What an answer took is added when it has ended, so whoever asks several things at
 * once may go beyond a limit by what those take. What could not be added is owed, and is tried again until it is: whoever owes
 * is asked for it first, and while nobody counts, nobody is let in.
 */
export class SharedTokenLimits implements TokenLimits {
  /** Tokens by what they are counted as: `person` or `group`, and a name. */
  private readonly owed = new Map<string, number>();
  private settling: Promise<void> | undefined;
  private again: NodeJS.Timeout | undefined;

  public constructor(private readonly options: SharedTokenLimitsOptions) {}

  public async exceeded(identity: Identity): Promise<Refusal | undefined> {
    try {
      const counted = await this.count(this.countedAs(identity));
      // It was told no limits, or others than this guard: what it would let in, nobody has allowed.
      if (counted.some(({ remaining }) => remaining === undefined)) throw new Error("it has no limit for who asks");
      const full = counted.filter(({ over, remaining }) => over || remaining === 0);
      if (full.length === 0) return undefined;
      const seconds = Math.max(1, ...full.map((one) => one.seconds));
      return new Refusal(429, "token_limit", "The tokens of this hour are used up: try again later.", seconds);
    } catch (error) {
      this.options.log.error({ reason: String(error) }, "tokens cannot be counted");
      return new Refusal(
        503,
        "limits_unavailable",
        "Nobody can tell what may still be used, so the request is not served.",
        1,
      );
    }
  }

  public charge(identity: Identity, tokens: number): void {
    for (const name of this.countedAs(identity)) this.owe(name, tokens);
    void this.settle();
  }

  public async close(milliseconds: number): Promise<void> {
    const deadline = Date.now() + milliseconds;
    while (this.owed.size > 0 && Date.now() < deadline) await this.settle();
    clearTimeout(this.again);
    this.options.service.close();
  }

  /** Adds all that is owed, and comes back to what could not be added. */
  private settle(): Promise<void> {
    this.settling ??= this.settleOnce().finally(() => (this.settling = undefined));
    return this.settling;
  }

  private async settleOnce(): Promise<void> {
    try {
      // More may be owed by the time that this was added.
      while (this.owed.size > 0) await this.count([...this.owed.keys()]);
    } catch (error) {
      this.options.log.error({ reason: String(error) }, "tokens of answers are not counted yet");
      clearTimeout(this.again);
      this.again = setTimeout(() => void this.settle(), againMilliseconds).unref();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Asks for counts, and adds to each what is owed. What may not have been added is owed again: rather twice than never. */
  private async count(names: readonly string[]): Promise<Counted[]> {
    const taken = names.map((name) => [name, this.owed.get(name) ?? 0] as const);
    for (const name of names) this.owed.delete(name);
    try {
      const counted = await this.options.service.count(domain, taken.map(descriptorOf));
      this.tell();
      return counted;
    } catch (error) {
      for (const [name, tokens] of taken) this.owe(name, tokens);
      throw error;
    }
  }

  private owe(name: string, tokens: number): void {
    if (tokens > 0) this.owed.set(name, (this.owed.get(name) ?? 0) + tokens);
    this.tell();
  }

  private tell(): void {
    const persons = [...this.owed].filter(([name]) => name.startsWith("person "));
    this.options.metrics.tokensOwed.set(persons.reduce((all, [, tokens]) => all + tokens, 0));
  }

  private countedAs({ person, groups }: Identity): string[] {
    const pseudonym = createHmac("sha256", this.options.key).update(person).digest("base64url");
    const limited = this.options.groups.filter((group) => groups.includes(group));
    return [`person ${pseudonym}`, ...limited.map((group) => `group ${group}`)];
  }
}

function descriptorOf([name, add]: readonly [string, number]): Descriptor {
  const at = name.indexOf(" ");
  return { key: name.slice(0, at), value: name.slice(at + 1), add };
}
