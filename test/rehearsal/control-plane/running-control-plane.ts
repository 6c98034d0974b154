import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ApiClient, ApiError } from "../../../rehearsal/control-plane/api-client";
import { type ControlPlane, startControlPlane } from "../../../rehearsal/control-plane/control-plane";
import { Credentials } from "../../../rehearsal/control-plane/credentials";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import { tools } from "../tools";
import type { ServerFiles } from "../../../rehearsal/control-plane/server-files";
import { binaries, nodes, throwawayFiles } from "./fixtures";

interface Kubeconfig {
  readonly "current-context": string;
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

export function readKubeconfig(path: string) {
  const config = parse(readFileSync(path, "utf8")) as Kubeconfig;
  const text = (field: string) => Buffer.from(config.users[0]!.user[field]!, "base64").toString("utf8");
  return {
    context: config["current-context"],
    server: config.clusters[0]!.cluster.server,
    credential: { certificate: text("client-certificate-data"), key: text("client-key-data") },
  };
}

/** A control plane of the real programs, and its operator. */
export interface RunningControlPlane {
  readonly directory: string;
  readonly files: ServerFiles;
  readonly plane: ControlPlane;
  readonly operator: ApiClient;
  /** A client with a certificate of the cluster in this name. */
  as(user: string): Promise<ApiClient>;
  stop(): Promise<void>;
  /** Stops it and removes its directory. */
  remove(): Promise<void>;
}

export async function runControlPlane(
  directory = mkdtempSync(join(tmpdir(), "cloister-control-plane-")),
): Promise<RunningControlPlane> {
  const toolbox = await tools("etcd", "kubernetes", "kwok");
  const supervisor = await Supervisor.start(directory);
  const files = await throwawayFiles(directory);
  const options = {
    files,
    directory,
    context: "cloister-test",
    kubernetesVersion: "1.36",
    nodes,
    binaries: binaries(toolbox),
  };
  const plane = await startControlPlane(options, supervisor);
  const { credential } = readKubeconfig(plane.kubeconfigPath);
  const operator = new ApiClient(plane.server, plane.caCertificate, credential);
  const stop = async () => {
    operator.close();
    await supervisor.stop();
  };
  return {
    directory,
    files,
    plane,
    operator,
    as: async (user) => {
      const credentials = await Credentials.open(join(directory, "control-plane", "credentials"), files.authorities);
      return new ApiClient(plane.server, plane.caCertificate, await credentials.client(user));
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(directory, { recursive: true });
    },
  };
}

/** The refusal of a request that must be refused. */
export async function refused(request: Promise<unknown>): Promise<ApiError> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`Expected a refusal by the API server, got ${String(error)}`);
}
