import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { KitError, type Mistake } from "../components/kit-error";
import { eachPlaceOnce } from "./each-place-once";
import { explain, SourceDocument, withDefaults } from "./explain";
import { environmentShape, type Environment } from "./schema/environment";
import { brokenRelations, brokenRelationsOfPart } from "./schema/relations";

export type { Environment } from "./schema/environment";

/** Folder of the environment files, which users own. */
export const stacksFolder = __dirname;

/** The two layers of an environment, each a stack of its own. */
export const layers = ["foundation", "platform"] as const;
export type Layer = (typeof layers)[number];

/** Names of the environments that have a file, in alphabetical order. */
export function environmentNames(folder: string = stacksFolder): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith(".yaml") && !entry.name.startsWith("Pulumi."))
    .map((entry) => basename(entry.name, ".yaml"))
    .sort();
}

/**
 * Parses one environment file, strictly: unknown settings are mistakes too.
 *
 * @param file its path, for messages; its base name must be the environment's name.
 * @throws KitError with every mistake of the file at once: of YAML, of shape, or of how values stand to each other.
 */
export function parseEnvironment(text: string, file: string): Environment {
  const source = new SourceDocument(text);
  const fail = (mistakes: Mistake[]): never => {
    throw new KitError(`${file} is not a valid environment`, eachPlaceOnce(mistakes));
  };
  const ofYaml = source.mistakes(file);
  if (ofYaml.length > 0) return fail(ofYaml);
  if (source.value() === null) {
    return fail([
      {
        path: file,
        found: "an empty file",
        allowed: "an environment",
        mend: "copy stacks/private-cloud.yaml, stacks/colocation.yaml or stacks/on-prem.yaml of the kit, and edit it",
      },
    ]);
  }
  const parsed = environmentShape.safeParse(source.value());
  if (!parsed.success) {
    const ofShape = explain(environmentShape, source, parsed.error.issues);
    const places = ofShape.map((mistake) => mistake.path);
    // What is of the wrong kind altogether has no parts that could stand in a relation.
    const unlike = parsed.error.issues.filter(({ code }) => code === "invalid_type" || code === "invalid_union");
    const others = brokenRelationsOfPart(withDefaults(environmentShape, source.value()))
      .filter(({ path }) => !unlike.some((issue) => issue.path.every((key, index) => key === path[index])))
      .map(({ path, ...rest }) => ({ path: source.place(path), ...rest }))
      .filter((mistake) => !places.includes(mistake.path));
    return fail([...ofShape, ...others]);
  }
  const expected = basename(file, ".yaml");
  const wrongName: Mistake[] =
    parsed.data.name === expected
      ? []
      : [
          {
            path: source.place(["name"]),
            found: parsed.data.name,
            allowed: expected,
            mend: "name the environment as its file, or rename the file",
          },
        ];
  const relations = brokenRelations(parsed.data).map(({ path, ...rest }) => ({ path: source.place(path), ...rest }));
  if (wrongName.length + relations.length > 0) return fail([...wrongName, ...relations]);
  return parsed.data;
}

/**
 * Reads `<folder>/<name>.yaml`.
 *
 * @throws KitError when there is no such file, or it is not valid.
 */
export function readEnvironment(name: string, folder: string = stacksFolder): Environment {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new KitError("There is no such folder of environments", [
      {
        path: folder,
        found: existsSync(folder) ? "a file" : "nothing",
        allowed: "a folder with a file for each environment",
        mend: "correct the path",
      },
    ]);
  }
  // By the names of the folder's own files: a name with a path in it would lead elsewhere.
  if (!environmentNames(folder).includes(name)) {
    throw new KitError("There is no such environment", [
      {
        path: join(shownFolder(folder), `${name}.yaml`),
        found: "no file",
        allowed: environmentNames(folder).join(", ") || "a file for each environment",
        mend: `name one of them, or copy one to ${join(shownFolder(folder), `${name}.yaml`)} and edit it`,
      },
    ]);
  }
  return parseEnvironment(
    readFileSync(join(folder, `${name}.yaml`), "utf8"),
    join(shownFolder(folder), `${name}.yaml`),
  );
}

/** The kit's own folder by its name, any other as it was given. */
export const shownFolder = (folder: string): string => (folder === stacksFolder ? "stacks" : folder);

/** Name of the stack of one layer, such as `on-prem-foundation`. */
export const stackName = (environment: string, layer: Layer): string => `${environment}-${layer}`;

/** Splits a stack's name, such as `on-prem-foundation`, into environment and layer. */
export function parseStackName(stack: string): { environment: string; layer: Layer } {
  const layer = layers.find((candidate) => stack.endsWith(`-${candidate}`));
  if (layer === undefined) {
    throw new KitError("The stack belongs to no layer", [
      {
        path: "stack name",
        found: stack,
        allowed: "<environment>-foundation or <environment>-platform",
        mend: "run `npm run cloister -- up <environment>`, which names both stacks",
      },
    ]);
  }
  return { environment: stack.slice(0, -layer.length - 1), layer };
}

/** The JSON Schema by which editors complete and check environment files. */
export function environmentJsonSchema(): object {
  return z.toJSONSchema(environmentShape, { io: "input", target: "draft-2020-12" });
}
