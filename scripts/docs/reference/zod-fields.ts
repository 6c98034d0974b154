import type { Member } from "./components";
import { summaryOf, type Reflection, type TypeShape } from "./reflection";
import { typeText } from "./type-text";

/** Fields of a zod object, read from its type: what `z.infer` makes of it keeps no docstring. */
export function zodFields(type: TypeShape | undefined, path = ""): Member[] {
  const { shape, suffix } = inside(type);
  const children = shape?.name === "ZodObject" ? (shape.typeArguments?.[0]?.declaration?.children ?? []) : [];
  return children.flatMap((child) => field(child, path === "" ? child.name : `${path}${suffix}.${child.name}`));
}

function field(child: Reflection, path: string): Member[] {
  const type = child.type ?? { type: "intrinsic", name: "unknown" };
  const optional = type.name === "ZodOptional";
  const own: Member = {
    path,
    type: { type: "intrinsic" },
    text: zodText(type),
    says: summaryOf(child),
    ...(optional ? { fallback: "none" } : {}),
  };
  return [own, ...zodFields(type, path)];
}

/** What an optional value or the entries of a list are. */
function inside(type: TypeShape | undefined): { shape?: TypeShape; suffix: string } {
  if (type?.name === "ZodOptional") return inside(type.typeArguments?.[0]);
  if (type?.name === "ZodArray") return { shape: inside(type.typeArguments?.[0]).shape, suffix: "[]" };
  return { shape: type, suffix: "" };
}

const plain: Readonly<Record<string, string>> = {
  ZodString: "string",
  ZodNumber: "number",
  ZodBoolean: "boolean",
  ZodObject: "object",
};

const made: Readonly<Record<string, (first: TypeShape, second?: TypeShape) => string>> = {
  ZodOptional: (first) => zodText(first),
  ZodArray: (first) => (zodText(first).includes("|") ? `(${zodText(first)})[]` : `${zodText(first)}[]`),
  ZodLiteral: (first) => typeText(first),
  // In an order of its own: the compiler's follows what it happened to meet first.
  ZodEnum: (first) =>
    (first.declaration?.children ?? [])
      .map(({ name }) => JSON.stringify(name))
      .sort()
      .join(" | "),
  ZodRecord: (first, second) => `Record<${zodText(first)}, ${second ? zodText(second) : "unknown"}>`,
};

function zodText(type: TypeShape): string {
  const [first, second] = type.typeArguments ?? [];
  const name = type.name ?? "";
  return plain[name] ?? (first === undefined ? undefined : made[name]?.(first, second)) ?? typeText(type);
}
