import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { KitError } from "../../components/kit-error";
import type { KubernetesObject } from "./kubernetes-objects";
import { kubernetesYaml } from "./kubernetes-yaml";
import type { PolicyDocument } from "./policy-documents";

export function writeKubernetes(path: string, environment: string, objects: readonly KubernetesObject[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, kubernetesYaml(environment, objects));
}

/**
 * One file for each document; those of an earlier export that are no more are removed, or a linter would still read them.
 *
 * @throws KitError where the folder holds anything but policy documents.
 */
export function writePolicies(folder: string, documents: readonly PolicyDocument[]): void {
  const before = existsSync(folder) ? readdirSync(folder) : [];
  const foreign = before.filter((name) => !isDocument(join(folder, name)));
  if (foreign.length > 0) {
    throw new KitError("The folder is not one of policy documents", [
      {
        path: folder,
        found: foreign.slice(0, 3).join(", "),
        allowed: "an empty folder, one that is not there, or an earlier export",
        mend: "name another folder with --out",
      },
    ]);
  }
  for (const name of before) rmSync(join(folder, name));
  mkdirSync(folder, { recursive: true });
  for (const { file, document } of documents) {
    writeFileSync(join(folder, file), `${JSON.stringify(document, null, 2)}\n`);
  }
}

const isDocument = (path: string): boolean =>
  path.endsWith(".json") && readFileSync(path, "utf8").includes('"Statement"');
