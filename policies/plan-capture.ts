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

const leftOut = "(left out: a secret)";
const secretNames = /(token|password|passphrase|secretstring|privatekey(pem|openssh)?|plaintext|userdata)$/i;

/**
 * The properties without what is secret in them. The SDK hands secrets over in clear and unmarked, so they are known by what
 * they are and how they are named; no rule looks at such a value.
 */
function withoutSecrets(value: unknown, key: string, kept: boolean): unknown {
  if (typeof value === "string") {
    return !kept || secretNames.test(key) || value.includes("PRIVATE KEY-----") ? leftOut : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((element) => withoutSecrets(element, key, kept));
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withoutSecrets(child, name, kept)]));
}

/** What a generator draws, and what a Secret holds, is secret as a whole. */
const holdsSecrets = (type: string, property: string): boolean =>
  (type === "kubernetes:core/v1:Secret" && /^(data|stringData)$/.test(property)) ||
  (type.startsWith("random:") && /^(result|hex|b64|base64|dec|bcryptHash)/.test(property));

function plain(subject: Subject): Subject {
  const { props, provider, type } = subject;
  const open = Object.entries(bare(props) as Record<string, unknown>).map(([name, value]): [string, unknown] => [
    name,
    withoutSecrets(value, name, !holdsSecrets(type, name)),
  ]);
  return {
    ...subject,
    props: Object.fromEntries<Properties>(open),
    ...(provider === undefined ? {} : { provider: withoutSecrets(bare(provider), "", true) as Properties }),
  };
}

/**
 * Keeps what the gate is shown, to be judged again elsewhere. It is for rehearsals, whose secrets open nothing; they are left
 * out as far as they can be told, and the files are their owner's alone.
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
