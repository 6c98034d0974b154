import { admits } from "./admission-policy";
import type { Properties } from "../rule";

const lists = (value: unknown, wanted: readonly string[]): boolean =>
  wanted.every((one) => ((value ?? []) as string[]).includes(one) || ((value ?? []) as string[]).includes("*"));

const named = (manifests: readonly Properties[], kind: string): Properties[] =>
  manifests.filter((manifest) => manifest?.kind === kind);

/** What lets something past an admission policy that machines lay down; undefined where nothing does. */
function looseness({ spec }: Properties): string | undefined {
  if ((spec?.failurePolicy ?? "Fail") !== "Fail") return "admits all when it errs";
  const rules = (spec?.matchConstraints?.resourceRules ?? []) as Properties[];
  const everything = rules.some(
    (rule) =>
      lists(rule.apiGroups, ["*"]) &&
      lists(rule.apiVersions, ["*"]) &&
      lists(rule.operations, ["CREATE", "UPDATE", "DELETE"]) &&
      lists(rule.resources, ["*/*"]),
  );
  if (!everything) return "does not look at everything that may be changed";
  const conditions = (spec?.matchConditions ?? []) as Properties[];
  // Whom it holds is said by their group, and by nothing that they could choose.
  const group = /^'[^']+' in request\.userInfo\.groups$/;
  if (conditions.length === 0 || !conditions.every(({ expression }) => group.test(String(expression))))
    return "does not say by a group whom it holds";
  const validations = (spec?.validations ?? []) as Properties[];
  const asked = validations.every(({ expression }) => /\b(object|oldObject|request)\b/.test(String(expression ?? "")));
  return validations.length > 0 && asked ? undefined : "asks nothing of what is changed";
}

/**
 * What of the admission policies that machines lay down holds nobody, in sentences: each must look at every change of a group
 * of people, stop when it errs, and be bound so that it denies.
 */
export function looseAdmission(manifests: readonly Properties[]): string[] {
  const bindings = named(manifests, "ValidatingAdmissionPolicyBinding");
  return named(manifests, "ValidatingAdmissionPolicy").flatMap((policy) => {
    const name = String(policy.metadata?.name);
    const bound = bindings.some(
      ({ spec }) => spec?.policyName === name && lists(spec?.validationActions, ["Deny"]) && !spec?.matchResources,
    );
    const wrong = looseness(policy) ?? (bound ? undefined : "is bound by nothing that denies");
    return wrong === undefined ? [] : [`${name} ${wrong}`];
  });
}

/** What no operator may do, whatever the policies are called: each as the API server would ask about it. */
const forbidden = [
  {
    what: "a pod in the namespaces of the control plane",
    bound: {
      request: { namespace: "kube-system", operation: "CREATE", resource: { group: "", resource: "pods" } },
      object: { metadata: { name: "probe", namespace: "kube-system" } },
    },
  },
  {
    what: "a namespace of privileged pods",
    bound: {
      request: { operation: "CREATE", resource: { group: "", resource: "namespaces" } },
      object: { metadata: { name: "probe", labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
    },
  },
];

/** What the policies of machines let operators do that they must not; nothing where machines lay down none. */
export function admittedToOperators(manifests: readonly Properties[]): string[] {
  const policies = named(manifests, "ValidatingAdmissionPolicy");
  if (policies.length === 0) return [];
  return forbidden
    .filter(({ bound }) => policies.every(({ spec }) => admits(spec, bound)))
    .map(({ what }) => `operators may make ${what}`);
}
