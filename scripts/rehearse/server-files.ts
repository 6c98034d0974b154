import { apiServerDocuments } from "../../components/foundation/machines/api-server-documents";
import { clusterFilesOf } from "../../components/foundation/machines/cluster-files";
import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import { operatorManifests } from "../../components/foundation/machines/operators";
import type { OnSiteEnvironment } from "../../components/foundation/on-site/on-site-plan";
import { throwawayKeys, type ServerFiles } from "../../rehearsal/control-plane/server-files";
import type { Environment } from "../../stacks/environment";
import type { RehearsalFiles } from "./rehearsal-files";

/**
 * What the control plane of a rehearsal starts from: exactly what lies on the first server's disk. Where machines are a cloud's
 * own, or their foundation is not up yet, the documents are the same and the keys are thrown away with the rehearsal.
 *
 * @param machines the foundation's secret output of that name.
 */
export async function serverFilesOf(
  environment: Environment,
  files: RehearsalFiles,
  machines?: MachineSecrets,
): Promise<ServerFiles> {
  // Only a footprint with machines of its own hands such an output out.
  if (machines !== undefined) {
    return { ...clusterFilesOf(environment as OnSiteEnvironment, machines), manifests: operatorManifests };
  }
  const { encryptionKey, ...keys } = await throwawayKeys(files.controlPlane);
  const documents = apiServerDocuments(environment.footprint.kubernetes.minor, encryptionKey);
  return { ...keys, documents, manifests: operatorManifests };
}
