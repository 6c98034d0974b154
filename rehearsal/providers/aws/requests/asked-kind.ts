import { isObject, valueAt, parsePath } from "../../property-path";
import type { CallContext, Json, Properties, ResourceKind } from "../../provider";
import { computedKind, computedState, plannedState } from "../computed-kind";
import { scopeOf } from "../configuration";
import { digitsFor } from "../definition";
import type { Definition, Resource } from "../definition";
import { shapes } from "../shapes";
import { isAbsent } from "./api";
import type { Api, RequestOptions } from "./api";
import { keptAsDeclared, overlaid } from "./observed";
import type { Observed } from "./observed";

type Ask = (service: string, operation: string, parameters?: object) => Promise<Properties>;

/** One resource, with the means to ask about it. Where it is deleted, the inputs are its last state. */
export interface Asking extends Resource {
  readonly ask: Ask;
  /** As `ask`, for the request that makes it: what a stopped run had made is not made twice. */
  readonly make: Ask;
}

/** What one kind asks of its service. */
export interface Requests {
  /** Makes it. @returns its identifier. */
  make(it: Asking): Promise<string>;
  /** Brings what may change to what the inputs say, after `make` and on each update, which has a `before`. */
  put?(it: Asking): Promise<void>;
  /** What the service tells of it, inputs and outputs; undefined, or refused as absent, when it is gone. */
  look(it: Asking): Promise<Observed | undefined>;
  /** Outputs that the service put inside of an input, such as the cluster's own group in `vpcConfig`. */
  nested?(state: Properties, observed: Observed): Properties;
  remove(it: Asking): Promise<void>;
}

const identityOf = (definition: Definition, inputs: Properties) =>
  (definition.replaceOn ?? []).map((path) => valueAt(inputs, parsePath(path)));

/** A kind whose requests are made: its service's model and moto judge them, and moto holds what they make. */
export function askedKind(token: string, definition: Definition, requests: Requests, api: Api): ResourceKind {
  const computed = computedKind(token, definition);
  const isInput = (key: string) => {
    const inputs = shapes.kinds[token]?.inputs ?? {};
    return key in inputs || `${key}?` in inputs;
  };
  // Whose claims the engine holds already: to make one of them is to replace it.
  const known = new Set<string>();
  const claimOf = (urn: string, inputs: Properties) => digitsFor(urn, identityOf(definition, inputs))(32, "claim");

  function asking(id: string, inputs: Properties, context: CallContext, before?: Properties): Asking {
    const scope = scopeOf(context.configuration, inputs.region);
    const ask: Ask = async (service, operation, parameters = {}) =>
      (await api.request(scope, service, operation, parameters)).answer;
    const digits = digitsFor(context.urn, identityOf(definition, inputs));
    return { id, inputs, scope, before, digits, ask, make: ask };
  }

  async function look(it: Asking): Promise<Observed | undefined> {
    try {
      return await requests.look(it);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** The outputs of the official provider: what is told of the resource over what follows from its inputs. */
  function stateOf(it: Asking, context: CallContext, observed: Observed): Properties {
    const { state } = computedState(token, definition, it.inputs, context, { id: it.id, state: it.before ?? {} });
    const outputs = shapes.kinds[token]?.outputs ?? [];
    const told = Object.entries(observed).filter(
      ([key, value]) => value !== undefined && outputs.includes(key) && !isInput(key),
    );
    const whole = { ...state, ...(Object.fromEntries(told) as Properties) };
    return { ...whole, ...requests.nested?.(state, observed) };
  }

  async function made(planned: Asking, context: CallContext): Promise<{ it: Asking; observed: Observed }> {
    const claim = claimOf(context.urn, planned.inputs);
    const attempt = async (options: RequestOptions) => {
      let wasClaimed = false;
      const make: Ask = async (service, operation, parameters = {}) => {
        const { answer, claimed } = await api.request(planned.scope, service, operation, parameters, options);
        wasClaimed ||= claimed;
        return answer;
      };
      const id = await requests.make({ ...planned, make });
      const it = { ...planned, id };
      if (wasClaimed && (await look(it)) === undefined) return undefined;
      await requests.put?.(it);
      return { it, observed: await look(it) };
    };
    const result = (await attempt({ claim, anew: known.has(claim) })) ?? (await attempt({ claim, anew: true }));
    if (!result?.observed) throw new Error(`${token} was made and cannot be found`);
    return { it: result.it, observed: result.observed };
  }

  return {
    ...computed,
    fidelity: "moto",
    check: (inputs, context) => {
      if (context.olds) known.add(claimOf(context.urn, context.olds));
      return computed.check?.(inputs, context) ?? { inputs, failures: [] };
    },
    create: async (inputs, context) => {
      if (context.preview) return computed.create(inputs, context);
      const { it, observed } = await made(asking("", plannedState(token, inputs, context), context), context);
      return { id: it.id, state: stateOf(it, context, observed) };
    },
    update: async (id, olds, news, context) => {
      const planned = plannedState(token, news, context);
      if (context.preview) {
        return { state: computedState(token, definition, news, context, { id, state: olds }).state };
      }
      const it = asking(id, planned, context, olds);
      await requests.put?.(it);
      return { state: stateOf(it, context, (await look(it)) ?? {}) };
    },
    read: async (id, state, context) => {
      const declared = Object.keys(context.inputs).length ? context.inputs : { ...definition.defaults };
      const it = asking(id, declared, context, Object.keys(state).length ? state : undefined);
      const observed = await look(it);
      if (!observed) return undefined;
      const own = withoutDefaultTags(observed, declared, context);
      const told = Object.fromEntries(Object.entries(own).filter(([key]) => isInput(key)));
      const inputs = overlaid(declared, keptAsDeclared(declared, told), definition.defaults);
      return { inputs, state: { ...withoutInputs(state, isInput), ...stateOf({ ...it, inputs }, context, own) } };
    },
    delete: async (id, state, context) => {
      try {
        await requests.remove(asking(id, state, context, state));
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },
  };
}

/** A kind that moto does not have: its requests are checked by the service's model, and its outputs are computed. */
export function modelledKind(
  token: string,
  definition: Definition,
  request: (resource: Resource) => readonly [service: string, operation: string, parameters: object],
  api: Api,
): ResourceKind {
  const computed = computedKind(token, definition);
  async function judge(inputs: Properties, context: CallContext): Promise<void> {
    const scope = scopeOf(context.configuration, inputs.region);
    const digits = digitsFor(context.urn, identityOf(definition, inputs));
    const planned = plannedState(token, inputs, context);
    const [service, operation, parameters] = request({ inputs: planned, scope, id: "", digits });
    await api.request(scope, service, operation, parameters, { send: false });
  }
  return {
    ...computed,
    fidelity: "model",
    create: async (inputs, context) => {
      if (!context.preview) await judge(inputs, context);
      return computed.create(inputs, context);
    },
    update: async (id, olds, news, context) => {
      if (!context.preview) await judge(news, context);
      return { state: computedState(token, definition, news, context, { id, state: olds }).state };
    },
  };
}

const withoutInputs = (state: Properties, isInput: (key: string) => boolean): Properties =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !isInput(key)));

/** The provider's default tags are on the resource, but no one declared them there. */
function withoutDefaultTags(observed: Observed, declared: Properties, context: CallContext): Observed {
  if (!isObject(observed.tags)) return observed;
  const { defaultTags } = scopeOf(context.configuration);
  const tags = isObject(declared.tags) ? declared.tags : {};
  const own = Object.entries(observed.tags).filter(([key, value]) => key in tags || defaultTags[key] !== value);
  const shown: Json | undefined = own.length || declared.tags !== undefined ? Object.fromEntries(own) : undefined;
  return { ...observed, tags: shown };
}
