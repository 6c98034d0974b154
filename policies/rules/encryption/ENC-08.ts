import { controlsOf } from "../../catalogue";
import type { Examination } from "../../examination";
import { documentsOf } from "../../reading/configuration";
import { argumentFault, configurationFaults, environmentFault, isRateLimit, speaksTls } from "../../reading/mutual-tls";
import { eachContainer, podOf, workloadTypes, zoneOf, type Container, type Pod } from "../../reading/workload";
import { AUDIT, GATEWAY, MODELS, OBSERVABILITY, SERVING, ZONE_LABEL } from "../../reading/zones";
import { matches, type Context, type Properties, type Rule, type Subject } from "../../rule";

const meshTypes = ["kubernetes:security.istio.io/*:PeerAuthentication"];

/** The zone that a namespace is, by its label where the stack makes it, and by its name where it does not. */
function zoneOfNamespace(name: string, { resources }: Context): string {
  const namespace = resources.find(
    ({ type, props }) => type === "kubernetes:core/v1:Namespace" && props.metadata?.name === name,
  );
  return (namespace?.props.metadata?.labels?.[ZONE_LABEL] as string | undefined) ?? name;
}

const isStrict = ({ props }: Subject): boolean =>
  props.spec?.mtls?.mode === "STRICT" &&
  Object.values((props.spec.portLevelMtls ?? {}) as Record<string, Properties>).every(({ mode }) => mode === "STRICT");

/** A mesh demands it of every pod of the namespace. */
const meshed = (namespace: string, { resources }: Context): boolean =>
  resources.some(
    (one) => matches(meshTypes, one.type) && zoneOf(one) === namespace && !one.props.spec?.selector && isStrict(one),
  );

/** ConfigMaps that a container has mounted. */
function mounted({ value }: Container, { spec }: Pod, namespace: string, { resources }: Context): Subject[] {
  const mounts = ((value.volumeMounts ?? []) as Properties[]).map(({ name }) => String(name));
  const names = ((spec.volumes ?? []) as Properties[])
    .filter(({ name, configMap }) => configMap && mounts.includes(String(name)))
    .map(({ configMap }) => String(configMap.name));
  return resources.filter(
    (one) =>
      one.type === "kubernetes:core/v1:ConfigMap" &&
      zoneOf(one) === namespace &&
      names.includes(String(one.props.metadata?.name)),
  );
}

/** What nothing but its own place in the stack tells: a zone of the platform, in which nobody answers in clear. */
const isZone = (namespace: string, context: Context): boolean =>
  [GATEWAY, SERVING, MODELS, AUDIT, OBSERVABILITY].includes(zoneOfNamespace(namespace, context));

const isWeb = (document: Properties): boolean => document?.tls_server_config !== undefined;

const listens = ({ value, group }: Container): boolean =>
  (group === "containers" || value.restartPolicy === "Always") && ((value.ports ?? []) as unknown[]).length > 0;

const environmentOf = ({ value }: Container): Map<string, string> =>
  new Map(((value.env ?? []) as Properties[]).map((one) => [String(one.name), String(one.value ?? "")]));

function workload(subject: Subject, examination: Examination, context: Context): void {
  examination.within("metadata", () => {
    const namespace = zoneOf(subject);
    const must = isZone(namespace, context);
    const pod = podOf(subject);
    const covered = must && meshed(namespace, context);
    eachContainer(pod, examination, (container) => {
      const { value, path } = container;
      const args = [...((value.command ?? []) as unknown[]), ...((value.args ?? []) as unknown[])].map(String);
      if (!listens(container) || (!must && !speaksTls(args))) return;
      examination.ask(`${path}.args`, () => {
        if (covered) return undefined;
        if (speaksTls(args)) return argumentFault(args);
        const environment = environmentOf(container);
        if (isRateLimit(environment)) return environmentFault(environment);
        const files = mounted(container, pod, namespace, context).flatMap((one) => [...documentsOf(one)]);
        const unread = files.find(
          ([file, document]) => isWeb(document) && !args.some((one) => one.endsWith(`/${file}`)),
        );
        if (unread !== undefined) return `${unread[0]} demands certificates, and the program is not told to read it`;
        const found = files.flatMap(([, document]) => {
          const faults = configurationFaults(document);
          return faults === undefined ? [] : [faults];
        });
        if (found.length === 0) return "it listens, and nothing says that callers need a certificate";
        return found.flat().length > 0 ? found.flat().join(", ") : undefined;
      });
    });
  });
}

function configuration(subject: Subject, examination: Examination): void {
  examination.within("data", () => {
    for (const [file, document] of documentsOf(subject)) {
      const faults = configurationFaults(document);
      if (faults === undefined) continue;
      examination.ask(`data.${file}`, () => (faults.length > 0 ? faults.join(", ") : undefined));
    }
  });
}

export const enc08: Rule = {
  id: "ENC-08",
  title: "Every serving namespace demands mutual TLS",
  severity: "high",
  scope: "stack",
  types: [...workloadTypes, "kubernetes:core/v1:ConfigMap", ...meshTypes],
  remediation:
    "Let the server demand a client certificate (vLLM: --ssl-cert-reqs 2 with --ssl-ca-certs; gunicorn: --cert-reqs 2 with --ca-certs; Envoy: require_client_certificate), and call others with one; a mesh must be STRICT on every port.",
  supports: controlsOf("ENC-08"),
  check(subject, examination, context) {
    if (subject.type === "kubernetes:core/v1:ConfigMap") return configuration(subject, examination);
    if (!matches(meshTypes, subject.type)) return workload(subject, examination, context);
    examination.ask("spec", () => (isStrict(subject) ? undefined : "the mesh lets callers in without a certificate"));
  },
};
