import type { KubernetesObject } from "../../export/kubernetes-objects";
import { Fields, titleOf, type Difference } from "./fields";

/** A pod that the cluster would run: one of the copies of a Deployment or of a StatefulSet. */
export interface Pod {
  /** The object that asks for it, such as `StatefulSet audit/ledger`. */
  readonly owner: string;
  readonly kind: "Deployment" | "StatefulSet";
  readonly namespace: string;
  /** Name of the Deployment or the StatefulSet. */
  readonly workload: string;
  /** Its number among the copies, from 0. */
  readonly index: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Service under whose name each copy of a StatefulSet has a name of its own. */
  readonly governingService?: string;
  /** Names of the claims that a StatefulSet makes for each copy. */
  readonly claims: readonly string[];
  readonly spec: Fields;
}

/** A StatefulSet's pods bear the same names in the cluster; a Deployment's are drawn by lot there and counted here. */
export const podName = ({ workload, index }: Pod): string => `${workload}-${index}`;

const workloadKinds = ["Deployment", "StatefulSet"] as const;

export const isWorkload = ({ kind }: KubernetesObject): boolean => workloadKinds.some((known) => known === kind);

/** The pods of a Deployment or a StatefulSet; what concerns their number and their replacement is a difference. */
export function podsOf(object: KubernetesObject, differences: Difference[]): Pod[] {
  const replicas = (object as { spec?: { replicas?: number } }).spec?.replicas ?? 1;
  return Array.from({ length: replicas }, (_copy, index) => podOf(object, index, differences));
}

function podOf(object: KubernetesObject, index: number, differences: Difference[]): Pod {
  const fields = Fields.of(object, differences);
  namedBy(fields.inside("metadata"));
  const spec = fields.inside("spec");
  fields.end();
  spec.get("replicas");
  // Services find pods by the labels of the template; whoever counts the copies needs no selector here.
  spec.get("selector");
  replacing(spec);
  const claims = spec.each("volumeClaimTemplates").map(claimName);
  const governingService = spec.get<string>("serviceName");
  const template = spec.inside("template");
  spec.end();
  const metadata = template.inside("metadata");
  const labels = metadata.get<Record<string, string>>("labels") ?? {};
  const annotations = metadata.get<Record<string, string>>("annotations") ?? {};
  metadata.end();
  const podSpec = template.inside("spec");
  template.end();
  const { name: workload, namespace = "default" } = object.metadata;
  const kind = object.kind === "StatefulSet" ? "StatefulSet" : "Deployment";
  const common = { owner: titleOf(object), kind, namespace, workload, index, labels, annotations, claims } as const;
  return { ...common, ...(governingService === undefined ? {} : { governingService }), spec: podSpec };
}

function namedBy(metadata: Fields): void {
  metadata.get("name");
  metadata.get("namespace");
  const reason = "Compose knows containers and no object that asks for them; the pods' own are on the containers";
  metadata.differ("labels", "nothing", reason);
  metadata.differ("annotations", "nothing", reason);
  metadata.end();
}

function replacing(spec: Fields): void {
  const reason = "Compose stops the old container and then starts the new one";
  for (const field of ["strategy", "updateStrategy", "minReadySeconds", "podManagementPolicy"]) {
    spec.differ(field, "one container after the other, with a gap", reason);
  }
  const history = "Compose keeps no earlier versions and gives no update up";
  for (const field of ["revisionHistoryLimit", "progressDeadlineSeconds"]) spec.differ(field, "nothing", history);
  spec.differ(
    "persistentVolumeClaimRetentionPolicy",
    "volumes stay until `down --volumes`",
    "Compose never deletes a volume by itself",
  );
}

function claimName(claim: Fields): string {
  // The API server takes these two from the StatefulSet; some clients send them.
  claim.get("apiVersion");
  claim.get("kind");
  const metadata = claim.inside("metadata");
  const name = metadata.required<string>("name");
  metadata.differ("labels", "nothing", "nothing selects volumes here");
  metadata.differ("annotations", "nothing", "nothing reads them here");
  metadata.end();
  const spec = claim.inside("spec");
  const engine = "a named volume lies in the engine's own folder, which has neither classes nor quotas";
  spec.differ("storageClassName", "a named volume, encrypted only where the machine's disk is", engine);
  spec.differ("resources", "a named volume without a ceiling", engine);
  spec.differ("accessModes", "a named volume", "one machine runs all containers; one service alone mounts the volume");
  spec.differ("volumeMode", "a file system", engine);
  spec.end();
  claim.end();
  return name;
}
