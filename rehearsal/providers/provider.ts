/** The contract between the one lifecycle server and the table that each stand-in provider is. */

/** Plain JSON, with no secrets or unknowns left in it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Properties = Record<string, Json>;

/** A name proposed by the engine under the project's `pulumi:autonaming`. */
export interface Autonaming {
  readonly proposedName: string;
  /** `enforce`: use the name exactly; `propose`: the provider may alter it; `disabled`: the user must name it. */
  readonly mode: "propose" | "enforce" | "disabled";
}

/**
 * Thrown by `create` or `update` when the resource was made but did not come up: it is kept in state as it is, with
 * the reasons, and the next update tries again.
 */
export class MadeButNotReady extends Error {
  constructor(
    readonly made: Made,
    /** Each is one sentence or one block of text for a person. */
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
  }
}

export interface CheckFailure {
  /** Path of the wrong input, such as `spec.replicas`. */
  readonly property: string;
  /** What was found, what is allowed and how to mend it, in one sentence or two. */
  readonly reason: string;
}

export interface CallContext {
  readonly urn: string;
  /** The Pulumi name: the last part of the URN. */
  readonly name: string;
  /** The type token, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** The provider's own configuration, such as `{ region: "eu-central-1" }`. */
  readonly configuration: Properties;
  /** True in `pulumi preview`: validate, compute what can be computed, and change nothing. */
  readonly preview: boolean;
  /** Paths of inputs that are not known yet, and so absent; only in preview. */
  readonly unknownInputs?: readonly string[];
  /** Seconds the engine grants the operation; 0 means no limit was set. */
  readonly timeoutSeconds: number;
  /** Aborted when the engine cancels. */
  readonly signal: AbortSignal;
  /** A message under the resource in the engine's display. */
  log(severity: "debug" | "info" | "warning" | "error", message: string): void;
}

export interface Made {
  readonly id: string;
  /** Every output property, the inputs that echo as outputs included. */
  readonly state: Properties;
}

export interface Difference {
  /** Top-level or nested paths that changed. Empty means no change. */
  readonly changed: string[];
  /** The subset of `changed` that cannot be changed in place. */
  readonly replaces: string[];
  /** Delete the old before the new is made: for names that are fixed. */
  readonly deleteBeforeReplace?: boolean;
}

/**
 * How real a resource is here, as the summary shows it: `real`, a real server has it; `moto`, moto in the place of AWS has
 * it; `model`, its request was judged by the service's own model and sent to nobody; `computed`, it was checked by the
 * stand-in alone.
 */
export type Fidelity = "real" | "moto" | "model" | "computed";

/**
 * One kind of resource. Only `create` has no default: the server validates with `check`, compares inputs by value,
 * replaces what `replaceOn` names, echoes the new inputs over the old outputs on any other change, finds on `read` what
 * is in state, and forgets on `delete`. In preview it hides every output that may depend on an unknown input.
 */
export interface ResourceKind {
  /** Input paths that force a replacement. */
  readonly replaceOn?: readonly string[];
  /** Output paths that are secret in state even where no input was. */
  readonly secretOutputs?: readonly string[];
  /** How real the kind is here; where that depends on the provider's configuration, each instance says it. */
  readonly fidelity: Fidelity | ((context: CallContext) => Fidelity);
  /**
   * Fills in defaults (a name from autonaming, say) and lists every wrong input at once. Unknown inputs are absent; the
   * server drops failures about them.
   */
  check?(
    inputs: Properties,
    context: Omit<CallContext, "preview"> & { readonly autonaming?: Autonaming; readonly olds?: Properties },
  ): Promise<{ inputs: Properties; failures: CheckFailure[] }> | { inputs: Properties; failures: CheckFailure[] };
  /** In preview it makes nothing and returns what it can; `id` may be empty then. */
  create(inputs: Properties, context: CallContext): Promise<Made>;
  /** What is really there now; undefined when it is gone. `inputs` are the last declared ones, empty on import. */
  read?(
    id: string,
    state: Properties,
    context: CallContext & { readonly inputs: Properties },
  ): Promise<{ inputs: Properties; state: Properties } | undefined>;
  diff?(olds: { inputs: Properties; state: Properties }, news: Properties, context: CallContext): Promise<Difference>;
  update?(id: string, olds: Properties, news: Properties, context: CallContext): Promise<{ state: Properties }>;
  delete?(id: string, state: Properties, context: CallContext): Promise<void>;
}

export interface InvokeFunction {
  (args: Properties, context: Pick<CallContext, "configuration" | "signal">): Promise<Properties>;
}

/** One provider: a name, the version it stands in for, and a table of kinds. */
export interface ProviderTable {
  readonly name: string;
  readonly version: string;
  /** Looks a type token up; undefined is refused by name, never guessed. */
  kind(token: string): ResourceKind | undefined;
  readonly invokes?: Readonly<Record<string, InvokeFunction>>;
  /** Lists every wrong provider setting at once. */
  checkConfiguration?(configuration: Properties): CheckFailure[];
}
