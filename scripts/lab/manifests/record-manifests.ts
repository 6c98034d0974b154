import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { Platform, type PlatformArgs } from "../../../components/platform";
import { objectName, type KubernetesObject } from "../../export/kubernetes-objects";

/** The runtime's mocks belong to the whole process: one program after the other. */
let before: Promise<unknown> = Promise.resolve();

/**
 * The Kubernetes objects that the platform asks for, with their secrets in clear: no engine, no cluster, nothing written.
 *
 * @param args what the platform's own program passes to its component.
 * @returns whole objects, by kind and name: the order in which they were asked for differs from run to run.
 * @throws what the component throws; an error where it asks a provider for anything, or makes what is no whole object of
 * Kubernetes.
 */
export function recordManifests(args: PlatformArgs): Promise<KubernetesObject[]> {
  const recorded = before.then(() => record(args));
  before = recorded.catch(() => undefined);
  return recorded;
}

async function record(args: PlatformArgs): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  const refused: string[] = [];
  await pulumi.runtime.setMocks(
    {
      call: ({ token }) => {
        refused.push(`the platform calls ${token}, which nobody answers here`);
        return {};
      },
      newResource: (resource) => {
        const inputs = plain(resource.inputs) as Record<string, unknown>;
        const reason = whyNoObject(resource, inputs);
        if (reason !== undefined) refused.push(reason);
        else if (isObject(resource)) objects.push(inputs as unknown as KubernetesObject);
        return { id: resource.custom === true ? `${resource.name}-id` : undefined, state: inputs };
      },
    },
    "cloister",
    "lab",
    false,
  );
  let thrown: unknown;
  try {
    new Platform("platform", args);
  } catch (error) {
    thrown = error;
  }
  await pulumi.runtime.disconnect();
  if (thrown !== undefined) throw thrown as Error;
  if (refused.length > 0) throw new Error(refused.join("\n"));
  return objects.sort((left, right) => (title(left) < title(right) ? -1 : 1));
}

const title = (object: KubernetesObject): string => `${object.kind} ${objectName(object)}`;

const isObject = ({ type, custom }: MockResourceArgs): boolean =>
  custom === true && type !== "pulumi:providers:kubernetes";

function whyNoObject(resource: MockResourceArgs, inputs: Record<string, unknown>): string | undefined {
  if (!isObject(resource)) return undefined;
  const { kind, metadata } = inputs as Partial<KubernetesObject>;
  const whole = resource.type.startsWith("kubernetes:") && !resource.type.endsWith("Patch");
  if (whole && kind !== undefined && metadata?.name !== undefined) return undefined;
  return `the platform makes ${resource.name}, a ${resource.type}, which is no whole object of Kubernetes`;
}

/** Without what only the engine understands. */
function plain(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return plain(pulumi.runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, item]) => !key.startsWith("__") && item !== undefined);
  return Object.fromEntries(kept.map(([key, item]) => [key, plain(item)]));
}
