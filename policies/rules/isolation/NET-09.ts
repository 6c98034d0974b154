import { controlsOf } from "../../catalogue";
import { isWide } from "../../reading/address-range";
import { zoneOf } from "../../reading/workload";
import { GATEWAY } from "../../reading/zones";
import { need } from "../../settings";
import type { Context, Properties, Rule } from "../../rule";

/** The two ways AWS' controllers are told that a load balancer is internal: the newer one's and the cluster's own. */
const internalAnnotations = {
  "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
  "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
} as const;

function outside(zone: string, what: string): string | undefined {
  return zone === GATEWAY ? undefined : `${what} stands in ${zone}; only the zone ${GATEWAY} may be exposed`;
}

function facingOut(props: Properties, context: Context): string | undefined {
  const annotations = (props.metadata?.annotations ?? {}) as Record<string, string | undefined>;
  for (const [annotation, internal] of Object.entries(internalAnnotations)) {
    const found = annotations[annotation];
    if (found === internal) return undefined;
    if (found !== undefined) return `${annotation} is ${found}; wanted ${internal}`;
  }
  const given = props.spec.loadBalancerClass as string | undefined;
  if (given === undefined) return "neither an internal load-balancer class nor an internal annotation is given";
  const internal = need(context.settings, "internalLoadBalancerClasses");
  return internal.includes(given) ? undefined : `class ${given} is not one of ${internal.join(", ")}`;
}

export const net09: Rule = {
  id: "NET-09",
  title: "Only the gateway is exposed, and only inside",
  severity: "critical",
  scope: "resource",
  types: [
    "kubernetes:core/v1:Service",
    "kubernetes:networking.k8s.io/*:Ingress",
    "kubernetes:extensions/*:Ingress",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:alb/loadBalancer:LoadBalancer",
  ],
  remediation:
    "Expose nothing but the gateway's Service, with an internal load-balancer class or annotation; make cloud load balancers internal.",
  supports: controlsOf("NET-09"),
  check(subject, examination, context) {
    const { type, props } = subject;
    if (type.startsWith("aws:")) {
      return examination.ask("internal", () => (props.internal === true ? undefined : "the load balancer is public"));
    }
    if (type.endsWith(":Ingress")) {
      return examination.ask("metadata.namespace", () => outside(zoneOf(subject), "an Ingress"));
    }
    examination.ask("spec.externalIPs", () =>
      ((props.spec?.externalIPs ?? []) as unknown[]).length > 0 ? "a Service claims external addresses" : undefined,
    );
    examination.ask("spec.type", () => {
      const kind = (props.spec?.type as string | undefined) ?? "ClusterIP";
      if (kind === "ClusterIP") return undefined;
      if (kind === "NodePort") return "a NodePort opens on every machine, past the load balancer";
      if (kind === "ExternalName") return "an ExternalName is a way around the flow table";
      return outside(zoneOf(subject), `a Service of type ${kind}`);
    });
    if (props.spec?.type !== "LoadBalancer") return;
    examination.ask("spec.loadBalancerClass", () => facingOut(props, context));
    examination.ask("spec.allocateLoadBalancerNodePorts", () =>
      props.spec.allocateLoadBalancerNodePorts === false ? undefined : "every machine gets a port for it too",
    );
    examination.ask("spec.loadBalancerSourceRanges", () => {
      const ranges = (props.spec.loadBalancerSourceRanges ?? []) as string[];
      const wide = ranges.find(isWide);
      if (wide !== undefined) return `the range ${wide} is as good as everyone`;
      return ranges.length > 0 ? undefined : "no range is named, so everyone may come";
    });
  },
};
