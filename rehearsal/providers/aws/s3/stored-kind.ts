import { isObject } from "../../property-path";
import type { CallContext, Properties, ResourceKind } from "../../provider";
import { computedKind, computedState } from "../computed-kind";
import { scopeOf } from "../configuration";
import type { Definition } from "../definition";
import type { Api } from "../requests/api";
import { keptAsDeclared, overlaid } from "../requests/observed";
import { shapes } from "../shapes";
import type { Observed } from "../requests/observed";
import type { Operations } from "./configurations";
import { motoStore } from "./moto-store";
import { configuredEndpoint, isAbsent, openStore } from "./store";
import type { Endpoints } from "./store";

/** A kind that asks a real S3 store where the provider names an endpoint, and is computed where it would be AWS, or lacks it. */
export function storedKind(
  token: string,
  definition: Definition,
  operations: Operations,
  endpoints: Endpoints,
  api?: Api,
): ResourceKind {
  const computed = computedKind(token, definition);
  if (Object.values(endpoints).some(({ lacks = [] }) => lacks.includes(token))) return computed;
  const known = Object.keys(shapes.kinds[token]?.inputs ?? {}).map((key) => key.replace("?", ""));
  const putContext = (context: CallContext, state: Properties, isNew: boolean) => ({
    isNew,
    tags: isObject(state.tagsAll) ? state.tagsAll : {},
    warn: (message: string) => context.log("warning", message),
  });
  const storeOf = ({ configuration }: CallContext) =>
    openStore(configuration, endpoints) ?? (api && motoStore(api, configuration));
  const atMoto = ({ configuration }: CallContext) =>
    api !== undefined && configuredEndpoint(configuration) === undefined;
  return {
    ...computed,
    fidelity: (context) =>
      configuredEndpoint(context.configuration) !== undefined ? "real" : api ? "moto" : "computed",
    create: async (inputs, context) => {
      const store = storeOf(context);
      if (!store || context.preview) return computed.create(inputs, context);
      const made = computedState(token, definition, inputs, context);
      await operations.put(store, inputs, putContext(context, made.state, true));
      return made;
    },
    update: async (id, olds, news, context) => {
      const store = storeOf(context);
      const { state } = computedState(token, definition, news, context, { id, state: olds });
      if (store && !context.preview) await operations.put(store, news, putContext(context, state, false));
      return { state };
    },
    read: async (id, state, context) => {
      const store = storeOf(context);
      if (!store) return computed.read?.(id, state, context);
      const declared = Object.keys(context.inputs).length ? context.inputs : { ...definition.defaults, bucket: id };
      try {
        const observed = await operations.get(store, declared);
        const seen = withoutDefaultTags(observed, declared, context);
        // Moto answers defaults that nobody declared; a real store's answer is taken as it is.
        const told = atMoto(context) ? keptAsDeclared(declared, seen) : seen;
        const inputs = overlaid(declared, told, definition.defaults);
        const now = computedState(token, definition, inputs, context, { id, state });
        const kept = Object.entries(state).filter(([key]) => !known.includes(key));
        return { inputs, state: { ...Object.fromEntries(kept), ...now.state } };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    delete: async (_id, state, context) => {
      const store = storeOf(context);
      if (!store) return;
      try {
        await operations.remove(store, state);
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },
  };
}

/** The provider's default tags are on the bucket, but no one declared them on the resource. */
function withoutDefaultTags(observed: Observed, declared: Properties, context: CallContext): Observed {
  if (!isObject(observed.tags)) return observed;
  const { defaultTags } = scopeOf(context.configuration);
  const tags = isObject(declared.tags) ? declared.tags : {};
  const own = Object.entries(observed.tags).filter(([key, value]) => key in tags || defaultTags[key] !== value);
  return { ...observed, tags: own.length || declared.tags !== undefined ? Object.fromEntries(own) : undefined };
}
