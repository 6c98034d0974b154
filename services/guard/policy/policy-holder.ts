import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readConfiguration } from "../../shared/configuration";
import type { Logger } from "../../shared/log";
import { PolicyExaminer } from "../detect/policy-examiner";
import { Scanner } from "../detect/scanner";
import type { Examiner } from "../examiner";
import { guardPolicy } from "./policy";

export interface PolicyHolderOptions {
  readonly path: string;
  readonly log: Logger;
  /** How often the file is looked at, milliseconds. Default: 1000. */
  readonly everyMilliseconds?: number;
  /** Told how many policies were refused. */
  readonly onRefused?: (count: number) => void;
}

/**
 * The policy of this moment. The file is looked at again and again; a new one takes the place of the old between two
 * requests, and one that cannot be used is refused while the old one stays.
 */
export class PolicyHolder {
  private current: Examiner;
  private seen: string;
  private refused = 0;
  private readonly timer: NodeJS.Timeout;

  /** @throws ConfigurationError with every mistake where the first policy cannot be used. */
  public constructor(private readonly options: PolicyHolderOptions) {
    this.seen = this.digest();
    this.current = this.load(this.seen);
    this.timer = setInterval(() => this.look(), options.everyMilliseconds ?? 1000);
    this.timer.unref();
  }

  public get examiner(): Examiner {
    return this.current;
  }

  public close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { log, path, onRefused } = this.options;
    try {
      const digest = this.digest();
      if (digest === this.seen) return;
      this.seen = digest;
      this.current = this.load(digest);
      log.info({ policy: digest }, "a new policy is in force");
    } catch (error) {
      this.refused += 1;
      onRefused?.(this.refused);
      log.error({ path, reason: (error as Error).message, stays: this.current.digest }, "a policy was refused");
    }
  }

  private digest(): string {
    return createHash("sha256").update(readFileSync(this.options.path)).digest("hex");
  }

  private load(digest: string): Examiner {
    return new PolicyExaminer(new Scanner(readConfiguration(this.options.path, guardPolicy)), digest);
  }
}
