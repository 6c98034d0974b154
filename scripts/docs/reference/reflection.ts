import { relative, resolve } from "node:path";

export const repository = resolve(__dirname, "../../..");

/** Kinds of declaration in TypeDoc's JSON. */
export const kinds = { module: 2, class: 128, interface: 256, property: 1024, method: 2048, alias: 2097152 } as const;

export interface Comment {
  readonly summary: readonly { readonly text: string }[];
  readonly blockTags?: readonly { readonly tag: string; readonly content: readonly { readonly text: string }[] }[];
}

/** A type in TypeDoc's JSON, as far as it is read here. */
export interface TypeShape {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly operator?: string;
  readonly target?: TypeShape | number | { readonly packageName: string };
  readonly elementType?: TypeShape;
  readonly elements?: readonly TypeShape[];
  readonly types?: readonly TypeShape[];
  readonly typeArguments?: readonly TypeShape[];
  readonly declaration?: Reflection;
  readonly objectType?: TypeShape;
  readonly indexType?: TypeShape;
  readonly queryType?: TypeShape;
}

/** A declaration in TypeDoc's JSON, as far as it is read here. */
export interface Reflection {
  readonly id: number;
  readonly name: string;
  readonly kind: number;
  readonly flags: { readonly isOptional?: boolean; readonly isPrivate?: boolean; readonly isStatic?: boolean };
  readonly comment?: Comment;
  readonly children?: readonly Reflection[];
  readonly signatures?: readonly Reflection[];
  readonly indexSignatures?: readonly Reflection[];
  readonly parameters?: readonly Reflection[];
  readonly type?: TypeShape;
  readonly extendedTypes?: readonly TypeShape[];
  readonly inheritedFrom?: unknown;
  readonly sources?: readonly { readonly fileName: string; readonly line: number }[];
}

/** An ES module whose types our module resolution does not look into; its JSON is what is relied on. */
const typeDoc: string = "typedoc";

interface TypeDoc {
  readonly Application: {
    bootstrap(options: object): Promise<{
      convert(): Promise<object | undefined>;
      readonly serializer: { projectToObject(project: object, root: string): Reflection };
    }>;
  };
}

/**
 * The exported declarations of `components/` and `stacks/`, a module for each file, members in the order of the source.
 *
 * @throws Error when the sources cannot be read at all.
 */
export async function readDeclarations(): Promise<Reflection> {
  const { Application } = (await import(typeDoc)) as TypeDoc;
  const application = await Application.bootstrap({
    entryPoints: ["components", "stacks"].map((folder) => `${repository}/${folder}/**/*.ts`),
    tsconfig: `${__dirname}/tsconfig.json`,
    basePath: repository,
    // `npm run check` does it; here the types of the cloud SDKs are left out.
    skipErrorChecking: true,
    excludePrivate: true,
    excludeExternals: true,
    disableGit: true,
    sourceLinkTemplate: "{path}",
    sort: ["source-order"],
    readme: "none",
    logLevel: "Error",
  });
  const project = await application.convert();
  if (project === undefined) throw new Error("TypeDoc found no declarations");
  return application.serializer.projectToObject(project, repository);
}

/** Path from the repository's root of the file that a declaration stands in. */
export const fileOf = ({ sources }: Reflection): string => {
  const file = sources?.[0]?.fileName ?? "";
  return file.startsWith("/") ? relative(repository, file) : file;
};

const plain = (parts: readonly { readonly text: string }[]): string =>
  parts
    .map(({ text }) => text)
    .join("")
    .replaceAll(/\s*\n\s*(?!\n)/g, " ")
    .trim();

/** What a docstring says, without its tags; empty where there is none. */
export const summaryOf = ({ comment, signatures }: Reflection): string =>
  plain(comment?.summary ?? signatures?.[0]?.comment?.summary ?? []);

/** The text of each tag of that name, such as `@throws`. */
export const tagsOf = ({ comment, signatures }: Reflection, tag: string): string[] =>
  [...(comment?.blockTags ?? []), ...(signatures?.[0]?.comment?.blockTags ?? [])]
    .filter((block) => block.tag === tag)
    .map((block) => plain(block.content));
