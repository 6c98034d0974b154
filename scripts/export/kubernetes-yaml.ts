import { stringify } from "yaml";
import type { KubernetesObject } from "./kubernetes-objects";
import { redacted, unknownYet } from "./plain-value";

/** One document for each object; the same objects give the same bytes. */
export function kubernetesYaml(environment: string, objects: readonly KubernetesObject[]): string {
  const head = [
    `# The Kubernetes objects of ${environment}, for scanners: to be read, not applied.`,
    `# ${redacted} stands for each value of a Secret, ${unknownYet} for what is not known before it is made.`,
  ];
  // Go's and Python's readers know YAML 1.1, in which a bare `no` is no text.
  const documents = objects.map((object) =>
    stringify(object, { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false }),
  );
  return `${head.join("\n")}\n---\n${documents.join("---\n")}`;
}
