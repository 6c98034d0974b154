import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { planSubstrate, reachCluster } from "../../components/foundation";
import type { Environment } from "../../stacks/environment";

/** Names of the contexts in the operator's kubeconfig, which may be several files. */
export function contextNames(variables: NodeJS.ProcessEnv): { readonly files: string[]; readonly names: string[] } {
  const given = variables.KUBECONFIG ?? "";
  const files = given === "" ? [join(variables.HOME ?? homedir(), ".kube", "config")] : given.split(delimiter);
  const names = files
    .filter((file) => existsSync(file))
    .flatMap((file) => {
      const config = parse(readFileSync(file, "utf8")) as { contexts?: { name?: string }[] } | null;
      return (config?.contexts ?? []).flatMap(({ name }) => name ?? []);
    });
  return { files, names };
}

/**
 * What is still to do before the platform can be brought up: its cluster is reached by a context of the operator's own
 * kubeconfig, because credentials are never in state. Undefined where the context is there.
 */
export function stepsToCluster(environment: Environment, variables: NodeJS.ProcessEnv): readonly string[] | undefined {
  const { context } = planSubstrate(environment).kubernetes;
  const { files, names } = contextNames(variables);
  if (names.includes(context)) return undefined;
  const found = names.length === 0 ? "no context" : names.join(", ");
  return [
    `The foundation is up. The platform waits for its cluster: ${files.join(delimiter)} has ${found}, and not ${context}.`,
    ...reachCluster(environment).map((step) => `  ${step}`),
  ];
}
