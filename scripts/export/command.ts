import { resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { StreamProgress } from "../../rehearsal/setup/progress";
import { requireWritableFile, requireWritableFolder } from "../writable-folder";
import { exportSource, type ExportSource, type ExportSourceOptions } from "./export-source";
import { kubernetesObjects } from "./kubernetes-objects";
import { writeKubernetes, writePolicies } from "./written";
import { policyDocuments } from "./policy-documents";

export interface ExportOptions extends ExportSourceOptions {
  /** Every Kubernetes object, to the file `out`. */
  readonly kubernetes?: boolean;
  /** Every policy document of AWS, to the folder `out`. */
  readonly policies?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

/** `export <environment>`: what other people's scanners read. @returns the exit code. */
export async function exportEnvironment(name: string, options: ExportOptions): Promise<number> {
  const { kubernetes, policies, out } = options;
  if ((kubernetes === true) === (policies === true)) throw oneOfTwo(kubernetes === true);
  const path = resolve(out);
  (kubernetes === true ? requireWritableFile : requireWritableFolder)({ path, option: "--out" });
  const source = await exportSource(name, options, new StreamProgress());
  if (kubernetes === true) exportKubernetes(name, path, source, options);
  else exportPolicies(name, path, source, options);
  return 0;
}

function exportKubernetes(name: string, path: string, source: ExportSource, { json }: ExportOptions): void {
  const exported = kubernetesObjects(source.resources);
  const { objects, placeholders, leftOut } = exported;
  if (objects.length === 0) throw nothing(name, source, "no Kubernetes object");
  writeKubernetes(path, name, objects);
  const told = { environment: name, origin: source.origin, path, objects: objects.length, placeholders, leftOut };
  if (json === true) return print(told);
  process.stdout.write(
    `${path} holds ${objects.length} objects of ${name}'s ${origins[source.origin]}; ` +
      `${placeholders.length} values are hidden or not known yet.\n`,
  );
  if (leftOut.length > 0) process.stdout.write(`Left out, for they are no whole objects: ${leftOut.join(", ")}.\n`);
}

function exportPolicies(name: string, path: string, source: ExportSource, { json }: ExportOptions): void {
  const { documents, unknown } = policyDocuments(source.resources);
  if (documents.length === 0) throw nothing(name, source, "no policy document of AWS");
  writePolicies(path, documents);
  const listed = documents.map(({ document: _document, ...facts }) => facts);
  if (json === true) return print({ environment: name, origin: source.origin, path, documents: listed, unknown });
  process.stdout.write(`${path} holds ${documents.length} policy documents of ${name}'s ${origins[source.origin]}.\n`);
  if (unknown.length > 0) process.stdout.write(`Not known before they are made: ${unknown.join(", ")}.\n`);
}

const origins = { preview: "preview", deployed: "state", rehearsal: "last rehearsal" } as const;

const print = (told: object): void => void process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);

const oneOfTwo = (both: boolean): KitError =>
  new KitError("Nothing was exported", [
    {
      path: "--kubernetes, --policies",
      found: both ? "both" : "neither",
      allowed: "one of them",
      mend: "add --kubernetes for a YAML file of all objects, or --policies for a folder of AWS's policy documents",
    },
  ]);

const nothing = (name: string, { origin }: ExportSource, found: string): KitError =>
  new KitError("There is nothing to export", [
    {
      path: `${name}'s ${origins[origin]}`,
      found,
      allowed: "at least one",
      mend:
        origin === "deployed"
          ? `bring it up first, or leave --deployed out to export what a preview would make`
          : "policy documents are a private cloud's, and a colocation's bucket policies; Kubernetes objects are every environment's",
    },
  ]);
