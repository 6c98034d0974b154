import { textOf } from "../property-path";
import type { Json, Properties } from "../provider";

/** Whether an object does what it was made for. */
export type Readiness =
  | { readonly state: "ready" }
  | { readonly state: "waiting"; readonly why: string }
  /** Waiting longer is of no use. */
  | { readonly state: "failed"; readonly why: string };

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** A refusal that stands this long is not a race with an object made at the same time. */
const REFUSAL_SECONDS = 10;

const ready: Readiness = { state: "ready" };
const waiting = (why: string): Readiness => ({ state: "waiting", why });
const failed = (why: string): Readiness => ({ state: "failed", why });

export function conditionsOf(object: Properties): readonly Condition[] {
  const status = object.status as { conditions?: Condition[] } | undefined;
  return status?.conditions ?? [];
}

export function describeCondition({ type, status, reason, message }: Condition): string {
  return `${type}=${status}${reason ? ` (${reason})` : ""}${message ? `: ${message}` : ""}`;
}

/** Judges an object as the API server shows it. Kinds without a rule are ready once they exist. */
export function readiness(object: Properties, now: Date): Readiness {
  const rule = rules[`${textOf(object.apiVersion).split("/")[0]}/${textOf(object.kind)}`];
  return rule ? rule(object, now) : ready;
}

const number = (value: Json | undefined, otherwise = 0) => (typeof value === "number" ? value : otherwise);
const part = (object: Properties, key: "spec" | "status" | "metadata") => (object[key] ?? {}) as Properties;

function observed(object: Properties): boolean {
  return number(part(object, "status").observedGeneration) >= number(part(object, "metadata").generation);
}

function deployment(object: Properties, now: Date): Readiness {
  const status = part(object, "status");
  const wanted = number(part(object, "spec").replicas, 1);
  const progressing = conditionsOf(object).find(({ type }) => type === "Progressing");
  if (!observed(object)) return waiting("its controller has not seen it yet");
  if (progressing?.reason === "ProgressDeadlineExceeded") return failed(describeCondition(progressing));
  const refused = conditionsOf(object).find(({ type, status: value }) => type === "ReplicaFailure" && value === "True");
  if (refused?.lastTransitionTime) {
    const age = (now.getTime() - Date.parse(refused.lastTransitionTime)) / 1000;
    if (age > REFUSAL_SECONDS) return failed(describeCondition(refused));
  }
  const updated = number(status.updatedReplicas);
  if (updated < wanted) return waiting(`${updated} of ${wanted} replicas are up to date`);
  if (number(status.replicas) > updated) return waiting("old replicas are still there");
  const available = number(status.availableReplicas);
  return available < updated ? waiting(`${available} of ${updated} replicas are available`) : ready;
}

function statefulSet(object: Properties): Readiness {
  const status = part(object, "status");
  const spec = part(object, "spec");
  const strategy = (spec.updateStrategy ?? {}) as { type?: string; rollingUpdate?: { partition?: number } };
  const wanted = number(spec.replicas, 1);
  if (!observed(object)) return waiting("its controller has not seen it yet");
  const running = number(status.readyReplicas);
  if (running < wanted) return waiting(`${running} of ${wanted} replicas are ready`);
  if (strategy.type === "OnDelete") return ready;
  const moving = wanted - (strategy.rollingUpdate?.partition ?? 0);
  const updated = number(status.updatedReplicas);
  return updated < moving ? waiting(`${updated} of ${moving} replicas are up to date`) : ready;
}

function daemonSet(object: Properties): Readiness {
  const status = part(object, "status");
  const strategy = (part(object, "spec").updateStrategy ?? {}) as { type?: string };
  const wanted = number(status.desiredNumberScheduled);
  if (!observed(object)) return waiting("its controller has not seen it yet");
  const updated = number(status.updatedNumberScheduled);
  if (strategy.type !== "OnDelete" && updated < wanted) return waiting(`${updated} of ${wanted} nodes are up to date`);
  const available = number(status.numberAvailable);
  return available < wanted ? waiting(`${available} of ${wanted} nodes have it available`) : ready;
}

function job(object: Properties): Readiness {
  const failure = conditionsOf(object).find(({ type, status }) => type === "Failed" && status === "True");
  if (failure) return failed(describeCondition(failure));
  // A queue (Kueue) holds a job suspended until it is its turn.
  if (part(object, "spec").suspend === true) return ready;
  return hasCondition(object, "Complete") ? ready : waiting("it has not completed");
}

function pod(object: Properties): Readiness {
  const phase = part(object, "status").phase;
  if (phase === "Succeeded" || hasCondition(object, "Ready")) return ready;
  return phase === "Failed" ? failed("it failed") : waiting(`its phase is ${textOf(phase, "not set")}`);
}

function definition(object: Properties): Readiness {
  const refused = conditionsOf(object).find(({ type, status }) => type === "NamesAccepted" && status === "False");
  if (refused) return failed(describeCondition(refused));
  return hasCondition(object, "Established") ? ready : waiting("it is not established");
}

function hasCondition(object: Properties, wanted: string): boolean {
  return conditionsOf(object).some(({ type, status }) => type === wanted && status === "True");
}

const phase =
  (wanted: string) =>
  (object: Properties): Readiness => {
    const found = part(object, "status").phase;
    return found === wanted ? ready : waiting(`its phase is ${textOf(found, "not set")}, not ${wanted}`);
  };

const rules: Readonly<Record<string, (object: Properties, now: Date) => Readiness>> = {
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "apps/DaemonSet": daemonSet,
  "batch/Job": job,
  "v1/Pod": pod,
  "v1/Namespace": phase("Active"),
  "v1/PersistentVolumeClaim": phase("Bound"),
  "apiextensions.k8s.io/CustomResourceDefinition": definition,
  "apiregistration.k8s.io/APIService": (object) =>
    hasCondition(object, "Available") ? ready : waiting("it is not available"),
};
