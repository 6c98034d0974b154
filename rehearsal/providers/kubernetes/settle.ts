import { setTimeout as sleep } from "node:timers/promises";
import type { CallContext, Json, Properties } from "../provider";
import type { Address, Cluster } from "./cluster";
import { failureReport, placeOf } from "./failure-report";
import { conditionsOf, describeCondition, readiness, type Readiness } from "./readiness";

const DEFAULT_TIMEOUT_SECONDS = 600;
const POLL_MILLISECONDS = 300;

export type Settled =
  | { readonly ready: true; readonly object: Properties }
  | { readonly ready: false; readonly object: Properties; readonly reason: string };

/** Waits until an object does what it was made for; `pulumi.com/skipAwait` takes it as it is. */
export async function settle(
  cluster: Cluster,
  address: Address,
  made: Properties,
  context: CallContext,
): Promise<Settled> {
  if (annotation(made, "pulumi.com/skipAwait") === "true") return { ready: true, object: made };
  const seconds = timeoutSeconds(made, context);
  const deadline = Date.now() + seconds * 1000;
  let object = made;
  for (;;) {
    const verdict = await judge(cluster, object);
    if (verdict.state === "ready") return { ready: true, object };
    const why = context.signal.aborted
      ? `cancelled while ${verdict.why}`
      : verdict.state === "failed"
        ? verdict.why
        : Date.now() > deadline
          ? `${verdict.why} after ${seconds} s`
          : undefined;
    if (why) return { ready: false, object, reason: await failureReport(cluster, address, object, why) };
    await sleep(POLL_MILLISECONDS);
    const live = await cluster.get(address);
    if (!live)
      return { ready: false, object, reason: `${address.mapping.kind} ${placeOf(address)} was deleted meanwhile` };
    object = live;
  }
}

/** Waits until an object is gone, with what it owns and, for a namespace, all that is in it. */
export async function settleGone(cluster: Cluster, address: Address, uid: Json, context: CallContext): Promise<void> {
  const seconds = timeoutSeconds({}, context);
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const live = await cluster.get(address);
    // Somebody may have made a new one of the same name at once.
    if (!live || metadataOf(live).uid !== uid) return;
    if (Date.now() > deadline || context.signal.aborted) {
      const finalizers = (metadataOf(live).finalizers as string[] | undefined) ?? [];
      const held = finalizers.length > 0 ? [`its finalizers are ${finalizers.join(", ")}`] : [];
      const conditions = conditionsOf(live)
        .filter(({ status }) => status === "True")
        .map(describeCondition);
      const why = [...held, ...conditions].join("; ") || "it says nothing of why";
      throw new Error(`${address.mapping.kind} ${placeOf(address)} is still there after ${seconds} s: ${why}`);
    }
    await sleep(POLL_MILLISECONDS);
  }
}

export function metadataOf(object: Properties): Record<string, Json> {
  return (object.metadata ?? {}) as Record<string, Json>;
}

export function annotation(object: Properties, key: string): string | undefined {
  const annotations = metadataOf(object).annotations as Record<string, string> | undefined;
  return annotations?.[key];
}

/** A claim on storage that waits for its first pod is as ready as it can be. */
async function judge(cluster: Cluster, object: Properties): Promise<Readiness> {
  const verdict = readiness(object, new Date());
  const className = (object.spec as { storageClassName?: string } | undefined)?.storageClassName;
  if (verdict.state !== "waiting" || object.kind !== "PersistentVolumeClaim" || !className) return verdict;
  const mapping = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    plural: "storageclasses",
    namespaced: false,
  };
  const storageClass = await cluster.get({ mapping, name: className, namespace: "" });
  return storageClass?.volumeBindingMode === "WaitForFirstConsumer" ? { state: "ready" } : verdict;
}

function timeoutSeconds(object: Properties, context: CallContext): number {
  const annotated = Number(annotation(object, "pulumi.com/timeoutSeconds"));
  return annotated || context.timeoutSeconds || DEFAULT_TIMEOUT_SECONDS;
}
