import type { TypeShape } from "./reflection";

const isShape = (target: TypeShape["target"]): target is TypeShape => typeof target === "object" && "type" in target;

const list = (types: readonly TypeShape[] | undefined, between: string): string =>
  (types ?? []).map(typeText).join(between);

/** A type as its author would write it; an object without a name is `object`, as its members have rows of their own. */
export function typeText(type: TypeShape): string {
  switch (type.type) {
    case "literal":
      return JSON.stringify(type.value);
    case "array": {
      const inside = type.elementType ? typeText(type.elementType) : "unknown";
      return /[ |&]/.test(inside) ? `(${inside})[]` : `${inside}[]`;
    }
    case "typeOperator": {
      const inside = isShape(type.target) ? typeText(type.target) : "unknown";
      // `readonly` is the rule of the house: said of every list, it would say nothing.
      return type.operator === "readonly" ? inside : `${type.operator} ${inside}`;
    }
    case "union":
      return list(type.types, " | ");
    case "intersection":
      return list(type.types, " & ");
    case "tuple":
      return `[${list(type.elements, ", ")}]`;
    case "indexedAccess":
      return `${type.objectType ? typeText(type.objectType) : ""}[${type.indexType ? typeText(type.indexType) : ""}]`;
    case "query":
      return `typeof ${type.queryType ? typeText(type.queryType) : ""}`;
    case "reflection":
      return type.declaration?.signatures === undefined ? "object" : functionText(type);
    default:
      return referenceText(type);
  }
}

function functionText({ declaration }: TypeShape): string {
  const signature = declaration?.signatures?.[0];
  const parameters = (signature?.parameters ?? []).map(
    ({ name, type }) => `${name}: ${type ? typeText(type) : "unknown"}`,
  );
  return `(${parameters.join(", ")}) => ${signature?.type ? typeText(signature.type) : "void"}`;
}

function referenceText({ name = "unknown", typeArguments }: TypeShape): string {
  const own = name.replace(/^pulumi\./, "");
  return typeArguments === undefined ? own : `${own}<${list(typeArguments, ", ")}>`;
}
