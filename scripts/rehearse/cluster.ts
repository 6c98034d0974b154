import type { MachineSecrets } from "../../components/foundation/machines/machine-secrets";
import { planSubstrate } from "../../components/foundation";
import { startControlPlane, type ControlPlane } from "../../rehearsal/control-plane/control-plane";
import { layStorage } from "./ground";
import { rehearsedNodes } from "./nodes";
import { serverFilesOf } from "./server-files";
import type { SiteArgs } from "./site";

/**
 * The control plane with its nodes and what a storage driver would bring.
 *
 * @param machines what the foundation's stack hands to the machines; absent where it is not up, or makes none.
 */
export async function startCluster(
  { environment, files, toolbox, supervisor }: SiteArgs,
  machines?: MachineSecrets,
): Promise<ControlPlane> {
  const { directory } = files;
  const { kubernetes, storageClass } = planSubstrate(environment);
  const controlPlane = await startControlPlane(
    {
      directory,
      context: kubernetes.context,
      kubernetesVersion: kubernetes.minor,
      nodes: rehearsedNodes(environment),
      files: await serverFilesOf(environment, files, machines),
      binaries: {
        etcd: toolbox.path("etcd"),
        kubeApiserver: toolbox.path("kube-apiserver"),
        kubeControllerManager: toolbox.path("kube-controller-manager"),
        kubeScheduler: toolbox.path("kube-scheduler"),
        kwok: toolbox.path("kwok"),
      },
    },
    supervisor,
  );
  const kubeconfig = controlPlane.kubeconfigPath;
  // Where the footprint names its driver, the platform makes the class, and kwok answers for the driver.
  if (storageClass.provisioner !== undefined) return controlPlane;
  await layStorage({ kubectl: toolbox.path("kubectl"), kubeconfig, directory, storageClass: storageClass.name });
  return controlPlane;
}
