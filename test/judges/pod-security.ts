import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { objectName, type KubernetesObject } from "../../scripts/export/kubernetes-objects";
import type { Finding } from "./finding";

/** Runs kubectl against the API server, whose own admission judges: what it answers, whether or not it was content. */
export type Kubectl = (...args: string[]) => Promise<{ readonly output: string; readonly errors: string }>;

const makesPods = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"];
const modes = ["enforce", "warn"] as const;

/**
 * The word of the API server's own Pod Security admission on the pods of each workload. A copy of each is offered under
 * another name and not kept; the admission warns of what it would refuse the pods for.
 *
 * @throws where a workload was not judged.
 */
export async function podSecurity(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<Finding[]> {
  const workloads = objects.filter(({ kind }) => makesPods.includes(kind));
  const folder = mkdtempSync(join(tmpdir(), "cloister-pods-"));
  const judged = async (workload: KubernetesObject, index: number): Promise<Finding[]> => {
    const file = join(folder, `${index}.yaml`);
    const { metadata } = workload;
    const copy = { ...workload, metadata: { ...metadata, name: `judged-${metadata.name}` } };
    writeFileSync(file, stringify(copy, { version: "1.1", aliasDuplicateObjects: false }));
    const { output, errors } = await kubectl("create", "--dry-run=server", "--filename", file);
    // It warns of what it finds also where somebody else's admission refuses the copy.
    if (!output.includes("created (server dry run)") && !errors.includes("would violate PodSecurity")) {
      throw new Error(`${objectName(workload)} was not judged:\n${output}\n${errors}`);
    }
    return [...errors.matchAll(/would violate PodSecurity "([^"]+)": (.*)/g)].map(([, check = "", detail = ""]) => ({
      judge: "pod-security",
      check,
      resource: objectName(workload),
      detail,
    }));
  };
  try {
    return [...laxNamespaces(objects), ...(await Promise.all(workloads.map(judged))).flat()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Namespaces that do not ask the admission for the strictest level: there it would let more through, and say nothing. */
export const laxNamespaces = (objects: readonly KubernetesObject[]): Finding[] =>
  objects
    .filter(({ kind }) => kind === "Namespace")
    .flatMap(({ metadata: { name, labels } }) =>
      modes.flatMap((mode): Finding[] => {
        const level = (labels as Readonly<Record<string, string>> | undefined)?.[`pod-security.kubernetes.io/${mode}`];
        if (level === "restricted") return [];
        return [{ judge: "pod-security", check: "level", resource: name, detail: `${mode}s ${level ?? "nothing"}` }];
      }),
    );
