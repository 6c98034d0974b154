import { environmentJsonSchema } from "../../../stacks/environment";
import { code, markdownTable } from "../markdown";

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly additionalProperties?: Schema | boolean;
  readonly default?: unknown;
  readonly description?: string;
  readonly allowed?: string;
}

function allowedBy(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.allowed !== undefined) return schema.allowed;
  if (schema.items?.enum !== undefined) return `a list of ${schema.items.enum.map(code).join(", ")}`;
  if (schema.items !== undefined) return schema.items.allowed ?? "a list";
  return schema.type === "object" ? "" : (schema.type ?? "");
}

/** One row for each setting: path, what it is, what may stand there, default. */
function rowsOf(schema: Schema, path: string): string[][] {
  const of = Object.entries(schema.properties ?? {});
  return of.flatMap(([key, child]): string[][] => {
    const at = path === "" ? key : `${path}.${key}`;
    const required = schema.required?.includes(key) === true;
    const fallback = required ? "required" : child.default === undefined ? "optional" : code(child.default);
    const row = [code(at), child.description ?? "", allowedBy(child), fallback];
    const inside = child.items?.properties === undefined ? rowsOf(child, at) : rowsOf(child.items, `${at}[]`);
    return [row, ...inside];
  });
}

const kindOf = (option: Schema): string => String(option.properties?.["kind"]?.const);

/** Every setting of the environment file, from its schema. */
export function settingsPart(): string {
  const schema = environmentJsonSchema() as Schema;
  const footprints = schema.properties?.["footprint"]?.oneOf ?? [];
  const head = ["setting", "what it is", "what may stand there", "default"];
  const whole = markdownTable(head, rowsOf(schema, ""));
  const parts = footprints.map(
    (option) => `### footprint: ${kindOf(option)}\n\n${markdownTable(head, rowsOf(option, "footprint"))}`,
  );
  return [`### Every environment\n\n${whole}`, ...parts].join("\n\n");
}
