import { controlsOf } from "../../catalogue";
import { letsThrough, overlooked } from "../../reading/admission-policy";
import { workloadTypes, zoneOf } from "../../reading/workload";
import { ZONE_LABEL } from "../../reading/zones";
import { need } from "../../settings";
import { matches, type Context, type Properties, type Rule } from "../../rule";

const policies = ["kubernetes:admissionregistration.k8s.io/*:ValidatingAdmissionPolicy"];
const policyBindings = ["kubernetes:admissionregistration.k8s.io/*:ValidatingAdmissionPolicyBinding"];
/** Policies of operators that check signatures themselves. */
const verifiers = [
  "kubernetes:policies.kyverno.io/*:ImageValidatingPolicy",
  "kubernetes:policies.kyverno.io/*:NamespacedImageValidatingPolicy",
  "kubernetes:policy.sigstore.dev/*:ClusterImagePolicy",
];

type Labels = Readonly<Record<string, string>>;

const of = (types: readonly string[], { resources }: Context): Properties[] =>
  resources.filter(({ type }) => matches(types, type)).map(({ props }): Properties => props);

/** What is wrong with a policy of the API server as a hold on images in a namespace; undefined where it holds. */
function loose(policy: Properties, labels: Labels, context: Context): string | undefined {
  const { spec, metadata } = policy;
  const name = String(metadata?.name);
  if (spec?.failurePolicy !== undefined && spec.failurePolicy !== "Fail") return `${name} admits all when it errs`;
  if (((spec?.matchConditions ?? []) as unknown[]).length > 0) return `${name} looks away under conditions`;
  if (spec?.matchConstraints === undefined) return `${name} looks at nothing`;
  const missed = overlooked(spec.matchConstraints, labels);
  if (missed !== undefined) return `${name}: ${missed}`;
  const bound = of(policyBindings, context).some(
    ({ spec: binding }) =>
      binding?.policyName === name &&
      ((binding.validationActions ?? []) as string[]).includes("Deny") &&
      overlooked(binding.matchResources, labels) === undefined,
  );
  if (!bound) return `${name} is bound by nothing that denies in this namespace`;
  const { settings } = context;
  const passed = letsThrough(spec, need(settings, "registry"), need(settings, "lockedImages"));
  return passed && `${name}: ${passed}`;
}

/** A policy of Kyverno or sigstore holds where it enforces, and somebody is named whose signature it asks for. */
function verifies({ spec }: Properties, labels: Labels): boolean {
  if (spec === undefined) return false;
  if (spec.authorities !== undefined) {
    const asked = (spec.authorities as Properties[]).every(({ static: always }) => always === undefined);
    const everywhere = ((spec.images ?? []) as Properties[]).some(({ glob }) => glob === "**");
    const included = labels["policy.sigstore.dev/include"] === "true";
    return asked && (spec.authorities as unknown[]).length > 0 && everywhere && included && spec.mode !== "warn";
  }
  return (
    ((spec.validationActions ?? []) as string[]).includes("Deny") &&
    (spec.failurePolicy ?? "Fail") === "Fail" &&
    ((spec.attestors ?? []) as unknown[]).length > 0 &&
    ((spec.validations ?? []) as unknown[]).length > 0 &&
    ((spec.matchConditions ?? []) as unknown[]).length === 0 &&
    overlooked({ ...spec.matchConstraints, resourceRules: undefined }, labels) === undefined
  );
}

/**
 * A signature is verified where an image enters the private registry, by the command that mirrors it and locks its digest; what
 * the cluster's admission demands is that digest. A policy that verifies signatures at admission is taken too.
 */
export const sup03: Rule = {
  id: "SUP-03",
  title: "Admission demands a signature on every image",
  severity: "high",
  scope: "stack",
  types: ["kubernetes:core/v1:Namespace"],
  remediation:
    "Bind, with Deny, an admission policy that refuses every image that is not in the image lock, in every namespace that runs pods.",
  supports: controlsOf("SUP-03"),
  check(namespace, examination, context) {
    const name = namespace.props.metadata?.name as string | undefined;
    const labels = { ...namespace.props.metadata?.labels } as Labels;
    const inhabited = context.resources.some((one) => matches(workloadTypes, one.type) && zoneOf(one) === name);
    if (labels[ZONE_LABEL] === undefined && !inhabited) {
      return examination.notApplicable("it is no zone, and nothing of the stack runs in it");
    }
    examination.ask("admission", () => {
      if (of(verifiers, context).some((policy) => verifies(policy, labels))) return undefined;
      const found = of(policies, context).map((policy) => loose(policy, labels, context));
      if (found.includes(undefined)) return undefined;
      return found[0] ?? "no admission policy holds images to the lock";
    });
  },
};
