import { isObject, parsePath, valueAt } from "../property-path";
import type { CallContext, Properties, ResourceKind } from "../provider";
import { checkInputs } from "./check";
import { scopeOf } from "./configuration";
import { digitsFor } from "./definition";
import type { Definition, Resource } from "./definition";
import { shapes } from "./shapes";

/** What the engine knows before a resource is made: its inputs and the tags it will carry. */
export function plannedState(token: string, inputs: Properties, context: CallContext): Properties {
  const outputs = shapes.kinds[token]?.outputs ?? [];
  const scope = scopeOf(context.configuration, inputs.region);
  const tags = isObject(inputs.tags) ? inputs.tags : {};
  return {
    ...inputs,
    ...(outputs.includes("region") && { region: scope.region }),
    ...(outputs.includes("tagsAll") && { tagsAll: { ...scope.defaultTags, ...tags } }),
  };
}

/** The identifier and the outputs, in the shape of the official provider. */
export function computedState(
  token: string,
  definition: Definition,
  inputs: Properties,
  context: CallContext,
  existing?: { readonly id: string; readonly state: Properties },
): { id: string; state: Properties } {
  const planned = plannedState(token, inputs, context);
  const identity = (definition.replaceOn ?? []).map((path) => valueAt(inputs, parsePath(path)));
  const resource: Resource = {
    inputs: planned,
    scope: scopeOf(context.configuration, inputs.region),
    id: existing?.id ?? "",
    before: existing?.state,
    digits: digitsFor(context.urn, identity),
  };
  const id = existing?.id ?? definition.id(resource);
  return { id, state: { ...planned, ...definition.outputs?.({ ...resource, id }) } };
}

/** A kind whose inputs are checked and whose outputs are computed: no request is made for it. */
export function computedKind(token: string, definition: Definition): ResourceKind {
  const takesRegion = shapes.kinds[token]?.inputs["region?"] !== undefined;
  return {
    fidelity: "computed",
    replaceOn: [...(definition.replaceOn ?? []), ...(takesRegion ? ["region"] : [])],
    secretOutputs: definition.secretOutputs ?? [],
    check: (inputs, context) => checkInputs(token, definition, inputs, context),
    create: (inputs, context) =>
      Promise.resolve(
        context.preview
          ? { id: "", state: plannedState(token, inputs, context) }
          : computedState(token, definition, inputs, context),
      ),
    read: (id, state, context) => {
      if (Object.keys(state).length > 0) return Promise.resolve({ inputs: context.inputs, state });
      throw new Error(`${token} is computed in a rehearsal: there is no ${id} to read`);
    },
    update: (id, olds, news, context) =>
      Promise.resolve({ state: computedState(token, definition, news, context, { id, state: olds }).state }),
  };
}
