import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "../processes/free-ports";
import type { Supervisor } from "../processes/supervisor";
import { kwokGrant } from "./access";
import { ApiClient, type ApiObject } from "./api-client";
import { type CredentialFiles, Credentials, KWOK_USER, OPERATORS } from "./credentials";
import { writeKubeconfig } from "./kubeconfig";
import { stagesFile } from "./kwok-stages";
import { type NodeSpecification, STAND_IN_LABEL, nodeMistakes, nodesReady, registerNodes } from "./nodes";
import { writePrivateFile } from "../processes/private-file";
import { AUTHORITIES, forgetOtherMachines, writeDocuments, type AuthorityName, type ServerFiles } from "./server-files";
import * as servers from "./servers";

export interface ControlPlaneOptions {
  /** The rehearsal's directory, absolute. Keys, etcd's data and the kubeconfig stay there for the next start. */
  readonly directory: string;
  /** Name of the kubeconfig's context, such as `cloister-on-prem`. */
  readonly context: string;
  readonly binaries: servers.ControlPlaneBinaries;
  /** The version asked for, such as `1.36` or `1.36.3`; another one among the programs is an error. */
  readonly kubernetesVersion: string;
  readonly nodes: readonly NodeSpecification[];
  /** Hours the operator's certificate is good for. @default 8 */
  readonly operatorHours?: number;
  /** @default 10.96.0.0/16 */
  readonly serviceCidr?: string;
  /** kwok takes the addresses of pods from it; nothing answers there. @default 10.244.0.0/16 */
  readonly podCidr?: string;
  /** What the first server of the environment brings: its authorities, and what its API server is told at its start. */
  readonly files: ServerFiles;
}

export interface ControlPlane {
  /** Such as `https://127.0.0.1:40123`. */
  readonly server: string;
  /** PEM. */
  readonly caCertificate: string;
  /** Of the operator: a short-lived certificate in the group `cloister:operators`, which is not `system:masters`. */
  readonly kubeconfigPath: string;
  readonly context: string;
  /** As the API server itself reports it, such as `v1.36.3`. */
  readonly version: string;
  /** JSON lines. */
  readonly auditLogPath: string;
  readonly etcd: { readonly endpoint: string; readonly authority: string; readonly client: CredentialFiles };
  /** From the call to schedulable nodes. */
  readonly seconds: number;
  /** What stands in for something real, for a person to read. */
  readonly standIns: readonly string[];
}

/**
 * Starts a real Kubernetes control plane on this machine, loopback only, whose nodes kwok plays. On a directory that
 * was used before, it goes on with the keys and objects that are there; a port that was taken meanwhile is moved and
 * the kubeconfig rewritten.
 *
 * @param supervisor owns the servers; after an error it is the caller's to stop.
 * @throws ServerError when a server does not start, with the end of its log; Error that lists every wrong option.
 */
export async function startControlPlane(options: ControlPlaneOptions, supervisor: Supervisor): Promise<ControlPlane> {
  const began = Date.now();
  checked(options);
  const directory = join(options.directory, "control-plane");
  const auditLog = join(options.directory, "audit", "kube-apiserver.log");
  mkdirSync(join(options.directory, "audit"), { recursive: true, mode: 0o700 });
  forgetOtherMachines(directory, options.files);
  const credentials = await Credentials.open(join(directory, "credentials"), options.files.authorities);
  const ports = await freePorts(options.directory, servers.PORT_NAMES);
  const server = `https://127.0.0.1:${ports["kube-apiserver"]}`;
  const caCertificate = credentials.certificateOf("server");
  const trust = Object.fromEntries(AUTHORITIES.map((name) => [name, credentials.authorityFile(name)])) as Record<
    AuthorityName,
    string
  >;
  const terms: servers.ServerTerms = {
    directory,
    binaries: options.binaries,
    ports,
    files: writeDocuments(join(directory, "configuration"), options.files.documents),
    trust,
    serviceAccounts: credentials.serviceAccountFiles(options.files.serviceAccountKey),
    auditLog,
    serviceCidr: options.serviceCidr ?? "10.96.0.0/16",
    podCidr: options.podCidr ?? "10.244.0.0/16",
  };
  const kubeconfig = async (file: string, user: string, groups: readonly string[] = [], hours?: number) => {
    const credential = await credentials.client(user, groups, hours);
    return writeKubeconfig(file, { server, caCertificate, credential, context: options.context, user });
  };
  const internal = (name: string, user: string) => kubeconfig(join(directory, `${name}.kubeconfig`), user);

  const etcdClient = await credentials.etcdClient();
  await supervisor.startServer(servers.etcd(terms, await credentials.etcdServer(), await credentials.etcdPeer()));
  await supervisor.startServer(
    servers.kubeApiserver(terms, await credentials.apiServer(), etcdClient, await credentials.frontProxy()),
  );

  const client = new ApiClient(server, caCertificate, await credentials.bootstrap());
  try {
    const version = await reportedVersion(client, options.kubernetesVersion);
    await applyRights(client, [...(options.files.manifests as ApiObject[]), ...kwokGrant]);
    await registerNodes(client, options.nodes);
    const manager = await internal("kube-controller-manager", "system:kube-controller-manager");
    const scheduler = await internal("kube-scheduler", "system:kube-scheduler");
    const stages = writePrivateFile(join(directory, "configuration", "kwok-stages.yaml"), stagesFile());
    const selector = `${STAND_IN_LABEL.key}=${STAND_IN_LABEL.value}`;
    await Promise.all([
      supervisor.startServer(
        servers.kubeControllerManager(terms, manager, await credentials.component("kube-controller-manager")),
      ),
      supervisor.startServer(servers.kubeScheduler(terms, scheduler, await credentials.component("kube-scheduler"))),
      supervisor.startServer(servers.kwok(terms, await internal("kwok", KWOK_USER), stages, selector)),
    ]);
    await nodesReady(client, options.nodes);
    // Without it a first pod would be refused: the controller manager makes it a moment after the namespace.
    await client.until("/api/v1/namespaces/default/serviceaccounts/default", () => true, "The default ServiceAccount");
    return {
      server,
      caCertificate,
      kubeconfigPath: await kubeconfig(
        join(options.directory, "kubeconfig"),
        "cloister:operator",
        [OPERATORS],
        options.operatorHours ?? 8,
      ),
      context: options.context,
      version,
      auditLogPath: auditLog,
      etcd: { endpoint: `https://127.0.0.1:${ports.etcd}`, authority: trust["etcd-server"], client: etcdClient },
      seconds: (Date.now() - began) / 1000,
      standIns: [
        `kwok plays the ${options.nodes.length} nodes: pods are scheduled, not run`,
        "kwok plays the storage: claims are bound to volumes that have no disk",
      ],
    };
  } finally {
    client.close();
  }
}

/** All mistakes in the options at once. */
function checked({ kubernetesVersion, nodes }: ControlPlaneOptions): void {
  const mistakes = nodeMistakes(nodes);
  if (!/^v?1\.\d+(\.\d+)?$/.test(kubernetesVersion)) {
    mistakes.unshift(`kubernetesVersion is "${kubernetesVersion}": give a minor or a patch, such as 1.36 or 1.36.3.`);
  }
  if (mistakes.length > 0) throw new Error(`The control plane cannot be started:\n- ${mistakes.join("\n- ")}`);
}

async function reportedVersion(client: ApiClient, asked: string): Promise<string> {
  const { gitVersion } = await client.request<{ gitVersion: string }>("GET", "/version");
  const wanted = `v${asked.replace(/^v/, "")}`;
  if (gitVersion !== wanted && !gitVersion.startsWith(`${wanted}.`)) {
    throw new Error(
      `The API server is Kubernetes ${gitVersion}, asked for was ${wanted}: give programs of that version.`,
    );
  }
  return gitVersion;
}

/** A binding may come before its role: it is believed as soon as both are there. */
async function applyRights(client: ApiClient, rights: readonly ApiObject[]): Promise<void> {
  const plurals: Readonly<Record<string, string>> = {
    ClusterRole: "clusterroles",
    ClusterRoleBinding: "clusterrolebindings",
    ValidatingAdmissionPolicy: "validatingadmissionpolicies",
    ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
  };
  await Promise.all(
    rights.map((right) => client.apply(`/apis/${right.apiVersion}/${plurals[right.kind] ?? right.kind}`, right)),
  );
}
