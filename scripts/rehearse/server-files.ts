import { documentsOf } from "../../rehearsal/control-plane/configuration";
import { throwawayKeys, type ServerFiles } from "../../rehearsal/control-plane/server-files";
import type { Environment } from "../../stacks/environment";
import type { RehearsalFiles } from "./rehearsal-files";

/** What the control plane of a rehearsal starts from. */
export async function serverFilesOf(
  { footprint }: Environment,
  files: RehearsalFiles,
  _machines?: unknown,
): Promise<ServerFiles> {
  const { encryptionKey, ...keys } = await throwawayKeys(files.controlPlane);
  return { ...keys, documents: documentsOf(footprint.kubernetes.minor, encryptionKey) };
}
