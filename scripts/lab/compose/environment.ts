import type { Fields } from "./fields";
import { podName, type Pod } from "./pods";
import type { Rendering } from "./rendering";
import { contentOf } from "./stored-files";

/** A container's environment variables, in clear. */
export function environmentOf(container: Fields, pod: Pod, rendering: Rendering): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of container.each("env")) {
    const name = variable.required<string>("name");
    const value = variable.get<string>("value");
    const from = variable.has("valueFrom") ? valueFrom(variable.inside("valueFrom"), pod, rendering) : undefined;
    variable.end();
    environment[name] = from ?? expanded(value ?? "", environment);
  }
  return environment;
}

function valueFrom(source: Fields, pod: Pod, rendering: Rendering): string {
  if (source.has("configMapKeyRef")) {
    const reference = source.inside("configMapKeyRef");
    const [name, key] = [reference.required<string>("name"), reference.required<string>("key")];
    reference.get("optional");
    reference.end();
    source.end();
    const title = `ConfigMap ${pod.namespace}/${name}`;
    const object = rendering.stores.get(title);
    const value = object === undefined ? undefined : contentOf(object)[key];
    if (value === undefined) throw new Error(`${source.where} names ${key} of ${title}, which no manifest holds`);
    rendering.mounted.add(title);
    return value.toString("utf8");
  }
  const reference = source.inside("fieldRef");
  reference.get("apiVersion");
  const path = reference.required<string>("fieldPath");
  reference.end();
  // A Secret as a variable would stand readable in the file, and the kit has none: so it is not known here.
  source.end();
  if (path === "metadata.name") return podName(pod);
  if (path === "metadata.namespace") return pod.namespace;
  throw new Error(`${source.where} asks for ${path}, which no container of Compose knows`);
}

/** `$(NAME)` as the kubelet reads it: a variable where there is one, itself where there is none; `$$` is the sign. */
export const expanded = (text: string, environment: Readonly<Record<string, string>>): string =>
  text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (found, name: string | undefined) =>
    found === "$$" ? "$" : (environment[name ?? ""] ?? found),
  );
