import { readFileSync } from "node:fs";
import { join, dirname } from "node:path";
import ts from "typescript";
import type { KindShape, Shapes } from "./shapes";

const sdk = dirname(require.resolve("@pulumi/aws/package.json"));

const parse = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(sdk, file), "utf8"), ts.ScriptTarget.Latest);

/** The nested input types by their dotted name, such as `s3.BucketLifecycleConfigurationRule`. */
function inputTypes(): Map<string, ts.InterfaceDeclaration> {
  const types = new Map<string, ts.InterfaceDeclaration>();
  const visit = (statements: readonly ts.Statement[], prefix: string): void => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement)) types.set(prefix + statement.name.text, statement);
      if (ts.isModuleDeclaration(statement) && statement.body && ts.isModuleBlock(statement.body)) {
        visit(statement.body.statements, `${prefix}${statement.name.text}.`);
      }
    }
  };
  visit(parse("types/input.d.ts").statements, "");
  return types;
}

const dotted = (name: ts.EntityName): string =>
  ts.isIdentifier(name) ? name.text : `${dotted(name.left)}.${name.right.text}`;

/** Writes a type as `string`, `number`, `boolean`, `any`, `#a.nested.Type`, `T[]`, `{T}` for maps, or `T|U`. */
function written(type: ts.TypeNode, note: (name: string) => boolean): string {
  if (ts.isUnionTypeNode(type)) {
    const members = type.types.filter((member) => member.kind !== ts.SyntaxKind.UndefinedKeyword);
    return [...new Set(members.map((member) => written(member, note)))].join("|");
  }
  if (ts.isArrayTypeNode(type)) return `${written(type.elementType, note)}[]`;
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration);
    return index ? `{${written(index.type, note)}}` : "any";
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = dotted(type.typeName);
    const argument = type.typeArguments?.[0];
    if (name === "pulumi.Input" && argument) return written(argument, note);
    if (name.startsWith("inputs.") && note(name.slice("inputs.".length))) return `#${name.slice("inputs.".length)}`;
    // An enum of the SDK is a closed list of strings, an ARN of another class a string.
    return name.startsWith("enums.") || name.endsWith("ARN") ? "string" : "any";
  }
  const plain: Partial<Record<ts.SyntaxKind, string>> = {
    [ts.SyntaxKind.StringKeyword]: "string",
    [ts.SyntaxKind.NumberKeyword]: "number",
    [ts.SyntaxKind.BooleanKeyword]: "boolean",
  };
  return plain[type.kind] ?? "any";
}

const properties = (members: readonly ts.TypeElement[], note: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    members.filter(ts.isPropertySignature).flatMap((member) => {
      if (!member.type || !ts.isIdentifier(member.name)) return [];
      return [[member.name.text + (member.questionToken ? "?" : ""), written(member.type, note)]];
    }),
  );

const argumentsIn = (statements: readonly ts.Statement[], name: string): ts.InterfaceDeclaration | undefined =>
  statements.filter(ts.isInterfaceDeclaration).find((statement) => statement.name.text === `${name}Args`);

/** Reads from the installed SDK what each kind takes and gives, and every nested type that it needs. */
export function readSdkShapes(tokens: readonly string[]): Shapes {
  const nested = inputTypes();
  const wanted = new Set<string>();
  const note = (name: string): boolean => {
    if (nested.has(name)) wanted.add(name);
    return nested.has(name);
  };
  const kinds: Record<string, KindShape> = {};
  for (const token of [...tokens].sort()) {
    const [, path = "", name = ""] = token.split(":");
    const { statements } = parse(`${path}.d.ts`);
    const made = statements.filter(ts.isClassDeclaration).find((statement) => statement.name?.text === name);
    const taken = argumentsIn(statements, name);
    if (!made || !taken) throw new Error(`the SDK has no ${token}`);
    const outputs = made.members
      .filter(ts.isPropertyDeclaration)
      .flatMap((member) => (ts.isIdentifier(member.name) && member.type ? [member.name.text] : []));
    kinds[token] = { inputs: properties(taken.members, note), outputs: outputs.sort() };
  }
  const provider = properties(argumentsIn(parse("provider.d.ts").statements, "Provider")?.members ?? [], note);
  const types: Record<string, Record<string, string>> = {};
  // The set grows while it is read: a nested type names others.
  for (const name of wanted) types[name] = properties(nested.get(name)?.members ?? [], note);
  return {
    provider,
    types: Object.fromEntries(Object.entries(types).sort(([one], [other]) => (one < other ? -1 : 1))),
    kinds,
  };
}
