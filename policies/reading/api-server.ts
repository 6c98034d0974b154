import type { Examination } from "../examination";
import type { Properties, Subject } from "../rule";
import { CONFIG_MAP, documentsOf } from "./configuration";

/** Makes what machines boot with; what its API server reads stands among its inputs, without a key. */
export const MACHINES = "cloister:index:Machines";

/** A cluster whose control plane is the cloud's own. */
export const MANAGED_CLUSTER = "aws:eks/cluster:Cluster";

/** A document that an API server reads at its start. */
export interface ApiServerDocument {
  readonly path: string;
  readonly value: Properties;
}

/** The kinds of resource in which a document of an API server may be found. */
export const typesWith = (group: string, kind: string): readonly string[] => [
  MACHINES,
  CONFIG_MAP,
  `kubernetes:${group}/*:${kind}`,
];

/**
 * The documents of one kind in a resource: what machines boot with, files of a ConfigMap, or the object itself.
 *
 * @param input the name under which `Machines` takes it.
 */
export function documentsOfKind(subject: Subject, group: string, kind: string, input: string): ApiServerDocument[] {
  if (subject.type === MACHINES) return [{ path: input, value: subject.props[input] }];
  if (subject.type !== CONFIG_MAP) return [{ path: "", value: subject.props }];
  return [...documentsOf(subject)]
    .filter(([, one]) => one.kind === kind && String(one.apiVersion).startsWith(`${group}/`))
    .map(([file, value]) => ({ path: `data.${file}`, value }));
}

/** Asks that the API server of `Machines` is told to read a document; its arguments are those of RKE2's `config.yaml`. */
export function askArgument(subject: Subject, examination: Examination, pattern: RegExp, wrong: string): void {
  if (subject.type !== MACHINES) return;
  examination.ask("apiServerArguments", () => {
    const given = ((subject.props.apiServerArguments ?? []) as unknown[]).map(String);
    return given.some((argument) => pattern.test(argument)) ? undefined : wrong;
  });
}
