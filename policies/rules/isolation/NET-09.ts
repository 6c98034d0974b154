import { controlsOf } from "../../catalogue";
import { zoneOf } from "../../reading/workload";
import { GATEWAY } from "../../reading/zones";
import { need } from "../../settings";
import type { Context, Properties, Rule } from "../../rule";

const schemeAnnotation = "service.beta.kubernetes.io/aws-load-balancer-scheme";

function outside(zone: string, what: string): string | undefined {
  return zone === GATEWAY ? undefined : `${what} stands in ${zone}; only the zone ${GATEWAY} may be exposed`;
}

function facingOut(props: Properties, context: Context): string | undefined {
  const scheme = props.metadata?.annotations?.[schemeAnnotation] as string | undefined;
  if (scheme === "internal") return undefined;
  if (scheme !== undefined) return `${schemeAnnotation} is ${scheme}; wanted internal`;
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
      if (kind === "ExternalName") return "an ExternalName is a way around the flow table";
      return outside(zoneOf(subject), `a Service of type ${kind}`);
    });
    examination.ask("spec.loadBalancerClass", () =>
      props.spec?.type === "LoadBalancer" ? facingOut(props, context) : undefined,
    );
  },
};
