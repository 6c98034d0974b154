import type { CallContext, Properties } from "../provider";
import { annotation } from "./settle";

/** Each stack owns fields under its own name, so that two stacks that fight over one are seen. */
export function managerOf({ urn }: CallContext): string {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return `pulumi-${project}-${stack}`.slice(0, 128);
}

export function forces(inputs: Properties): boolean {
  return annotation(inputs, "pulumi.com/patchForce") === "true";
}
