import { controlsOf } from "../../catalogue";
import { CONFIG_MAP, documentsOf, valueAt } from "../../reading/configuration";
import { podOf, zoneOf } from "../../reading/workload";
import { DATA_CLASS_LABEL, isOfZone, RETRIEVAL } from "../../reading/zones";
import { need } from "../../settings";
import type { Context, Properties, Rule, Subject } from "../../rule";

/** The settings by which vector stores ask who calls: Milvus' and Elasticsearch's. */
const switches = ["common.security.authorizationEnabled", "xpack.security.enabled"];
const VECTORS = "vectors";

const dataClassOf = ({ props }: Subject): string | undefined =>
  props.metadata?.labels?.[DATA_CLASS_LABEL] as string | undefined;

/** Whether a setting is on in the configuration a pod mounts, or in its environment. */
function authorises(store: Subject, context: Context): boolean {
  const { spec } = podOf(store);
  const containers = (spec.containers ?? []) as Properties[];
  const variables = containers.flatMap(
    ({ env }) => (env ?? []) as { readonly name?: string; readonly value?: string }[],
  );
  if (variables.some(({ name, value }) => switches.includes(name ?? "") && value === "true")) return true;
  const mounted = ((spec.volumes ?? []) as Properties[]).map((volume) => volume?.configMap?.name as unknown);
  return context.resources
    .filter((one) => one.type === CONFIG_MAP && zoneOf(one) === zoneOf(store))
    .filter(({ props }) => mounted.includes(props.metadata?.name))
    .flatMap((one): Properties[] => [...documentsOf(one).values()])
    .some((document) => switches.some((path) => String(valueAt(document, path.split("."))) === "true"));
}

export const ai09: Rule = {
  id: "AI-09",
  title: "The vector store authorises by tenant, is encrypted and is not exposed",
  severity: "high",
  scope: "stack",
  types: ["kubernetes:apps/*:StatefulSet", "kubernetes:core/v1:Service"],
  remediation:
    "Switch the store's authorisation on, keep its volumes on the encrypted storage class, and give it a ClusterIP Service alone.",
  supports: controlsOf("AI-09"),
  check(subject, examination, context) {
    if (!isOfZone(subject, RETRIEVAL) && dataClassOf(subject) !== VECTORS) {
      return examination.notApplicable(`it is not of the zone ${RETRIEVAL} and holds no vectors`);
    }
    const { type, props } = subject;
    if (type.endsWith(":Service")) {
      return examination.ask("spec.type", () => {
        const kind = (props.spec?.type as string | undefined) ?? "ClusterIP";
        return kind === "ClusterIP" ? undefined : `a Service of type ${kind} exposes the vector store`;
      });
    }
    examination.ask(`metadata.labels["${DATA_CLASS_LABEL}"]`, () =>
      dataClassOf(subject) === undefined ? "it does not say which class of data it holds" : undefined,
    );
    examination.within("spec.volumeClaimTemplates", () => {
      ((props.spec?.volumeClaimTemplates ?? []) as Properties[]).forEach((claim, index) => {
        examination.ask(`spec.volumeClaimTemplates[${index}].spec.storageClassName`, () => {
          const given = String(claim?.spec?.storageClassName ?? "the cluster's default");
          const encrypted = need(context.settings, "encryptedStorageClasses");
          return encrypted.includes(given)
            ? undefined
            : `${given} is not known to be encrypted under the company's keys`;
        });
      });
    });
    if (dataClassOf(subject) !== VECTORS) return;
    examination.ask("authorisation", () =>
      authorises(subject, context) ? undefined : `none of ${switches.join(", ")} is on: every caller is every tenant`,
    );
  },
};
