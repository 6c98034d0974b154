import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { decode, encode, hideUnknowns, restoreMarks, type Decoded } from "./codec";
import { detailedChanges, differenceOf, type DetailedChange } from "./difference";
import type { EngineLog } from "./engine-log";
import { recordFidelity, type FidelityEntry } from "./fidelity-log";
import { equal, formatPath, overlaps, parsePath, type PropertyPath } from "./property-path";
import {
  MadeButNotReady,
  type CallContext,
  type CheckFailure,
  type Difference,
  type Properties,
  type ProviderTable,
  type ResourceKind,
} from "./provider";

const modes = {
  [rpc.CheckRequest.AutonamingOptions.Mode.PROPOSE]: "propose",
  [rpc.CheckRequest.AutonamingOptions.Mode.ENFORCE]: "enforce",
  [rpc.CheckRequest.AutonamingOptions.Mode.DISABLE]: "disabled",
} as const;

const changeKinds = {
  add: [rpc.PropertyDiff.Kind.ADD, rpc.PropertyDiff.Kind.ADD_REPLACE],
  delete: [rpc.PropertyDiff.Kind.DELETE, rpc.PropertyDiff.Kind.DELETE_REPLACE],
  update: [rpc.PropertyDiff.Kind.UPDATE, rpc.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

interface Subject {
  getUrn(): string;
  getTimeout?(): number;
  getPreview?(): boolean;
}

/** Every step in the life of a resource, the same for all providers: a table's kinds only fill in what is theirs. */
export class Lifecycle {
  constructor(
    private readonly table: ProviderTable,
    private readonly configuration: Properties,
    private readonly log: EngineLog,
    private readonly signal: AbortSignal,
  ) {}

  async check(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const { kind, context } = this.subject(request);
    const news = decode(request.getNews());
    const olds = decode(request.getOlds()).value;
    const naming = request.getAutonaming();
    const result = (await kind.check?.(news.value, {
      ...context,
      olds: Object.keys(olds).length > 0 ? olds : undefined,
      autonaming: naming && { proposedName: naming.getProposedName(), mode: modes[naming.getMode()] },
    })) ?? { inputs: news.value, failures: [] };
    const inputs = restoreMarks(news.value, result.inputs, news.marked) as Properties;
    return new rpc.CheckResponse().setInputs(encode(inputs)).setFailuresList(checkFailures(result.failures, news));
  }

  async diff(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const { kind, context } = this.subject(request);
    const olds = { inputs: decode(request.getOldInputs()).value, state: decode(request.getOlds()).value };
    const news = decode(request.getNews());
    const found = kind.diff
      ? withUnknowns(
          await kind.diff(olds, news.value, { ...context, unknownInputs: news.unknowns.map(formatPath) }),
          news,
          kind,
        )
      : differenceOf(olds.inputs, news, kind.replaceOn);
    return diffResponse(found, detailedChanges(found, olds.inputs, news));
  }

  async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const { kind, context } = this.subject(request);
    const inputs = decode(request.getProperties());
    this.record(context, kind, context.preview ? "preview" : "create");
    const seal = (state: Properties) =>
      sealed(context.preview ? hideUnknowns(state, inputs, equal) : state, kind, inputs);
    try {
      const made = await kind.create(inputs.value, { ...context, unknownInputs: inputs.unknowns.map(formatPath) });
      return new rpc.CreateResponse().setId(made.id).setProperties(seal(made.state));
    } catch (error) {
      throw this.withSealedState(error, seal);
    }
  }

  async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const { kind, context } = this.subject(request);
    const olds = decode(request.getOlds());
    const oldInputs = decode(request.getOldInputs()).value;
    const news = decode(request.getNews());
    this.record(context, kind, context.preview ? "preview" : "update");
    const seal = (state: Properties) => sealed(context.preview ? hideUnknowns(state, news, equal) : state, kind, news);
    try {
      const { state } = kind.update
        ? await kind.update(request.getId(), olds.value, news.value, {
            ...context,
            unknownInputs: news.unknowns.map(formatPath),
          })
        : { state: echo(olds.value, oldInputs, news.value) };
      return new rpc.UpdateResponse().setProperties(seal(state));
    } catch (error) {
      throw this.withSealedState(error, seal);
    }
  }

  async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const { kind, context } = this.subject(request);
    const state = decode(request.getProperties());
    const inputs = decode(request.getInputs());
    this.record(context, kind, "read");
    if (!kind.read) {
      return new rpc.ReadResponse()
        .setId(request.getId())
        .setProperties(request.getProperties())
        .setInputs(request.getInputs());
    }
    const found = await kind.read(request.getId(), state.value, { ...context, inputs: inputs.value });
    if (!found) return new rpc.ReadResponse();
    return new rpc.ReadResponse()
      .setId(request.getId())
      .setProperties(sealed(found.state, kind, state, inputs))
      .setInputs(encode(found.inputs, inputs.secrets));
  }

  async delete(request: rpc.DeleteRequest): Promise<void> {
    const { kind, context } = this.subject(request);
    this.record(context, kind, "delete");
    await kind.delete?.(request.getId(), decode(request.getProperties()).value, context);
  }

  async invoke(request: rpc.InvokeRequest): Promise<rpc.InvokeResponse> {
    const call = this.table.invokes?.[request.getTok()];
    if (!call) {
      throw new Error(`The stand-in for ${this.table.name} does not have the function ${request.getTok()}.`);
    }
    const args = decode(request.getArgs());
    const result = await call(args.value, { configuration: this.configuration, signal: this.signal });
    return new rpc.InvokeResponse().setReturn(encode(result));
  }

  private subject(request: Subject): { kind: ResourceKind; context: CallContext } {
    const urn = request.getUrn();
    const [, , types = "", name = ""] = urn.split("::");
    const type = types.split("$").at(-1) ?? "";
    const kind = this.table.kind(type);
    if (!kind) {
      throw new Error(`The stand-in for ${this.table.name} ${this.table.version} does not have the type ${type}.`);
    }
    return {
      kind,
      context: {
        urn,
        name,
        type,
        configuration: this.configuration,
        preview: request.getPreview?.() ?? false,
        timeoutSeconds: request.getTimeout?.() ?? 0,
        signal: this.signal,
        log: (severity, message) => this.log.write(urn, severity, message),
      },
    };
  }

  private record(context: CallContext, kind: ResourceKind, operation: FidelityEntry["operation"]): void {
    const fidelity = typeof kind.fidelity === "function" ? kind.fidelity(context) : kind.fidelity;
    recordFidelity({ provider: this.table.name, token: context.type, urn: context.urn, fidelity, operation });
  }

  private withSealedState(error: unknown, seal: (state: Properties) => ReturnType<typeof encode>): unknown {
    if (!(error instanceof MadeButNotReady)) return error;
    return new SealedFailure(error.made.id, seal(error.made.state), error.reasons);
  }
}

/** A resource that was made but did not come up, with its state ready for the wire. */
export class SealedFailure extends Error {
  constructor(
    readonly id: string,
    readonly properties: ReturnType<typeof encode>,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
  }
}

/** State for the engine: secret where an input was, where it was before, and where the kind says it always is. */
function sealed(state: Properties, kind: ResourceKind, ...origins: Decoded[]) {
  const secrets = [...origins.flatMap((origin) => origin.secrets), ...(kind.secretOutputs ?? []).map(parsePath)];
  return encode(state, secrets);
}

/** A failure about a value nobody knows yet may go away once it is known. */
function checkFailures(failures: readonly CheckFailure[], news: Decoded): rpc.CheckFailure[] {
  return failures
    .filter(({ property }) => !news.unknowns.some((unknown) => overlaps(unknown, parsePath(property))))
    .map(({ property, reason }) => new rpc.CheckFailure().setProperty(property).setReason(reason));
}

/** A kind cannot see unknown inputs: each is a change, and a replacement where the kind would replace. */
function withUnknowns(found: Difference, news: Decoded, kind: ResourceKind): Difference {
  const seen = found.changed.map(parsePath);
  const unseen = news.unknowns.filter((unknown) => !seen.some((path) => overlaps(path, unknown)));
  const forcing = (kind.replaceOn ?? []).map(parsePath);
  const replacing = unseen.filter((path: PropertyPath) => forcing.some((forced) => overlaps(forced, path)));
  return {
    ...found,
    changed: [...found.changed, ...unseen.map(formatPath)],
    replaces: [...found.replaces, ...replacing.map(formatPath)],
  };
}

function diffResponse(found: Difference, changes: readonly DetailedChange[]): rpc.DiffResponse {
  const topLevel = (paths: readonly string[]) => [...new Set(paths.map((path) => String(parsePath(path)[0])))];
  const response = new rpc.DiffResponse()
    .setChanges(changes.length > 0 ? rpc.DiffResponse.DiffChanges.DIFF_SOME : rpc.DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList(topLevel(found.changed))
    .setReplacesList(topLevel(found.replaces))
    .setDeletebeforereplace(found.deleteBeforeReplace ?? false)
    .setHasdetaileddiff(true);
  for (const { path, kind, replaces } of changes) {
    const change = new rpc.PropertyDiff().setKind(changeKinds[kind][replaces ? 1 : 0]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, change);
  }
  return response;
}

/** The default update: new inputs over old outputs, without the inputs that were taken away. */
function echo(state: Properties, oldInputs: Properties, news: Properties): Properties {
  const kept = Object.entries(state).filter(([key]) => key in news || !(key in oldInputs));
  return { ...Object.fromEntries(kept), ...news };
}
