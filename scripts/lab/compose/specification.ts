import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Ajv2020, { type AnySchemaObject, type ErrorObject } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { findGo } from "../../../rehearsal/setup/go-tool";
import pinned from "./specification.json";

/** The Go module that carries the schema of the Compose Specification, and the checksum of its content. */
export interface SpecificationModule {
  readonly module: string;
  readonly version: string;
  /** `h1:` and the module's hash, as `go.sum` has it. */
  readonly sum: string;
  /** Path of the schema in the module. */
  readonly schema: string;
}

/**
 * The JSON Schema of the Compose Specification, from the module proxy or from Go's own cache. It is not part of the kit.
 *
 * @param specification which one. @default the one of `specification.json`
 * @throws where there is no Go, the module cannot be had, or its content is not the one that was pinned.
 */
export async function composeSchema(specification: SpecificationModule = pinned): Promise<AnySchemaObject> {
  const { module, version, sum, schema } = specification;
  const go = findGo(process.env);
  if (go === undefined) throw new Error("no `go` on PATH: it fetches the schema of the Compose Specification");
  const asked = ["mod", "download", "-json", `${module}@${version}`];
  // Outside of any module, so that no `go.mod` above has a say.
  const environment = { ...process.env, GOFLAGS: "", GOWORK: "off", GO111MODULE: "on" };
  const { stdout } = await promisify(execFile)(go.path, asked, { cwd: tmpdir(), env: environment });
  const { Dir: directory, Sum: found } = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (found !== sum) throw new Error(`${module} ${version} has the checksum ${found}, and ${sum} was pinned`);
  return JSON.parse(readFileSync(join(directory, schema), "utf8")) as AnySchemaObject;
}

/** What a document breaks of the schema, one sentence each with its place; nothing where it is a Compose file. */
export function composeMistakes(document: unknown, schema: AnySchemaObject): string[] {
  // The schema's own annotations are no keywords of JSON Schema.
  const ajv = addFormats(new Ajv2020({ allErrors: true, strict: false }));
  const validate = ajv.compile(schema);
  return validate(document) ? [] : (validate.errors ?? []).map(sentence);
}

function sentence({ instancePath, message = "is not allowed", params }: ErrorObject): string {
  const named = Object.values(params as Record<string, unknown>).filter((value) => typeof value === "string");
  return `${instancePath === "" ? "/" : instancePath} ${message}${named.length === 0 ? "" : `: ${named.join(", ")}`}`;
}
