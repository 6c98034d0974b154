import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { GATEWAY, ZONE_LABEL } from "../../reading/zones";
import type { Properties, Rule, Subject } from "../../rule";

/**
 * AWS' ready-made policies that begin at TLS 1.2, by how their names begin; the date behind says when one was made. Every
 * other name, the default among them, lets TLS 1.0 or 1.1 in.
 */
const modern = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

const annotation = (name: string) => `service.beta.kubernetes.io/aws-load-balancer-${name}`;

const oldPolicy = (policy = "the default policy"): string | undefined =>
  modern.test(policy) ? undefined : `${policy} lets TLS older than 1.2 in`;

/** Where TLS ends behind the balancer, only the door may stand there, and it takes nothing but TLS (ENC-08). */
const notTheDoor = "it passes on what it gets unread, and the door, which ends TLS, is not said to be behind it";

function listener(subject: Subject, examination: Examination): void {
  const { props } = subject;
  examination.within("protocol", () => {
    const protocol = String(props.protocol ?? "absent");
    if (protocol === "HTTPS" || protocol === "TLS") {
      return examination.ask("sslPolicy", () => oldPolicy(props.sslPolicy as string | undefined));
    }
    if (protocol === "HTTP") {
      return examination.ask("defaultActions", () => {
        const actions: Properties[] = [props.defaultActions ?? []].flat();
        const redirects = actions.every(({ type, redirect }) => type === "redirect" && redirect?.protocol === "HTTPS");
        return actions.length > 0 && redirects ? undefined : "it answers in clear";
      });
    }
    examination.ask("protocol", () =>
      protocol === "TCP" && Number(props.port) === 443 && props.tags?.[ZONE_LABEL] === GATEWAY
        ? undefined
        : `${protocol}: ${notTheDoor}`,
    );
  });
}

function classic({ props }: Subject, examination: Examination): void {
  examination.within("listeners", () => {
    ((props.listeners ?? []) as Properties[]).forEach(({ lbProtocol }, index) =>
      examination.ask(`listeners[${index}].lbProtocol`, () =>
        /^(https|ssl)$/i.test(String(lbProtocol))
          ? "a classic balancer begins at TLS 1.0 unless another resource says otherwise"
          : "it answers in clear",
      ),
    );
  });
}

/** A Service that a cloud's or a site's controller turns into a balancer. */
function service(subject: Subject, examination: Examination): void {
  const { props } = subject;
  examination.within("spec.type", () => {
    if (props.spec?.type !== "LoadBalancer") return examination.notApplicable("it makes no balancer");
    const notes = (props.metadata?.annotations ?? {}) as Record<string, string>;
    const certificate = notes[annotation("ssl-cert")];
    if (certificate !== undefined) {
      examination.ask("annotations", () => oldPolicy(notes[annotation("ssl-negotiation-policy")]));
      return examination.ask("annotations", () =>
        /^(https|ssl)$/.test(notes[annotation("backend-protocol")] ?? "") ? undefined : "it goes on in clear",
      );
    }
    examination.ask("metadata.namespace", () => (props.metadata?.namespace === GATEWAY ? undefined : notTheDoor));
    examination.within("spec.ports", () => {
      ((props.spec.ports ?? []) as Properties[]).forEach(({ port, protocol }, index) =>
        examination.ask(`spec.ports[${index}]`, () =>
          port === 443 && (protocol ?? "TCP") === "TCP" ? undefined : `${port}: the door speaks TLS on 443 alone`,
        ),
      );
    });
  });
}

/** Every API server stands behind a balancer that passes on what it gets: where TLS begins is its own affair. */
function apiServer({ props }: Subject, examination: Examination): void {
  examination.ask("apiServerArguments", () => {
    const told = ((props.apiServerArguments ?? []) as string[]).find((one) => one.startsWith("tls-min-version="));
    return /=VersionTLS1[23]$/.test(told ?? "tls-min-version=VersionTLS12")
      ? undefined
      : `${told}: the API server lets TLS older than 1.2 in`;
  });
}

export const enc07: Rule = {
  id: "ENC-07",
  title: "Load-balancer listeners speak TLS 1.2 or newer; plain HTTP only redirects",
  severity: "high",
  scope: "resource",
  types: [
    "aws:lb/listener:Listener",
    "aws:alb/listener:Listener",
    "aws:elasticloadbalancingv2/listener:Listener",
    "aws:applicationloadbalancing/listener:Listener",
    "aws:elb/loadBalancer:LoadBalancer",
    "aws:elasticloadbalancing/loadBalancer:LoadBalancer",
    "kubernetes:core/v1:Service",
    "cloister:index:Machines",
  ],
  remediation:
    "Let the listener speak HTTPS or TLS with a policy that begins at TLS 1.2, or pass 443 on to the door; let plain HTTP redirect to HTTPS and do nothing else.",
  supports: controlsOf("ENC-07"),
  check(subject, examination) {
    if (subject.type === "cloister:index:Machines") return apiServer(subject, examination);
    if (subject.type === "kubernetes:core/v1:Service") return service(subject, examination);
    return subject.type.endsWith(":Listener") ? listener(subject, examination) : classic(subject, examination);
  },
};
