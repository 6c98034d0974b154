import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties, Subject } from "./rule";

/** A plan as the rules of both scopes see it. Values that are not known yet are the engine's own markers. */
export interface CapturedPlan {
  readonly stack: string;
  /** What resource rules judge: inputs, each before it is made. */
  readonly inputs: readonly Subject[];
  /** What stack rules judge: all of it, with where each property came from. */
  readonly outputs: readonly Subject[];
}

/** The SDK's own name for what lies below its proxies. */
const target = "__getSpecialProxyTarget";

const bare = (properties: Properties): Properties => (properties as Record<string, unknown>)[target] ?? properties;

function plain(subject: Subject): Subject {
  const { props, provider } = subject;
  return { ...subject, props: bare(props), ...(provider === undefined ? {} : { provider: bare(provider) }) };
}

/**
 * Keeps what the gate is shown, to be judged again elsewhere. Secrets are in it as rules see them, in clear: it is for
 * rehearsals, whose secrets open nothing, and its files are their owner's alone.
 */
export class PlanCapture {
  private readonly inputs = new Map<string, Subject>();

  /** @param directory where plans are kept; undefined keeps none. */
  public constructor(private readonly directory: string | undefined) {}

  public see(subject: Subject): void {
    if (this.directory !== undefined) this.inputs.set(subject.urn, plain(subject));
  }

  public close(stack: string, outputs: readonly Subject[]): void {
    if (this.directory === undefined) return;
    const plan: CapturedPlan = { stack, inputs: [...this.inputs.values()], outputs: outputs.map(plain) };
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.directory, `${stack}.plan.json`), JSON.stringify(plan), { mode: 0o600 });
  }
}
