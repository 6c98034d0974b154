import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Json, Properties } from "../provider";

const clusterSchema = z.looseObject({
  server: z.url(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
});
const userSchema = z.looseObject({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
});
const contextSchema = z.looseObject({ cluster: z.string(), user: z.string(), namespace: z.string().optional() });
const fileSchema = z.looseObject({
  "current-context": z.string().optional(),
  clusters: z.array(z.looseObject({ name: z.string(), cluster: clusterSchema })).default([]),
  users: z.array(z.looseObject({ name: z.string(), user: userSchema })).default([]),
  contexts: z.array(z.looseObject({ name: z.string(), context: contextSchema })).default([]),
});

/** What a kubeconfig's context says about how to reach an API server. */
export interface Access {
  readonly server: string;
  readonly namespace: string;
  readonly certificateAuthority?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

/** The kubeconfig, or the context in it, cannot be used; `setting` names the provider's setting to mend. */
export class KubeconfigError extends Error {
  constructor(
    readonly setting: "kubeconfig" | "context",
    message: string,
  ) {
    super(message);
  }
}

/**
 * Finds the API server in the provider's `kubeconfig` (contents or path), else in the files of `KUBECONFIG`, else in
 * `~/.kube/config`; `context` chooses among its contexts.
 * @throws KubeconfigError with what was found and what there is to choose from.
 */
export function loadAccess(configuration: Properties, environment: NodeJS.ProcessEnv = process.env): Access {
  const { text, directory, origin } = locate(configuration.kubeconfig, environment);
  const file = read(text, origin);
  const wanted = typeof configuration.context === "string" ? configuration.context : file["current-context"];
  const names = file.contexts.map(({ name }) => name).join(", ") || "none";
  const context = file.contexts.find(({ name }) => name === wanted)?.context;
  if (!context) {
    throw new KubeconfigError(
      "context",
      `${origin} has no context ${wanted ?? "chosen"}; its contexts are: ${names}. Set kubernetes:context to one of them.`,
    );
  }
  const cluster = file.clusters.find(({ name }) => name === context.cluster)?.cluster;
  const user = file.users.find(({ name }) => name === context.user)?.user;
  if (!cluster || !user) {
    const missing = cluster ? `user ${context.user}` : `cluster ${context.cluster}`;
    throw new KubeconfigError(
      "kubeconfig",
      `${origin} names the ${missing} in context ${wanted} but does not have it.`,
    );
  }
  return accessFrom(cluster, user, context.namespace, directory, origin);
}

function accessFrom(
  cluster: z.infer<typeof clusterSchema>,
  user: z.infer<typeof userSchema>,
  namespace: string | undefined,
  directory: string,
  origin: string,
): Access {
  const refused = ["exec", "auth-provider", "username"].filter((key) => key in user);
  if (refused.length > 0) {
    throw new KubeconfigError(
      "kubeconfig",
      `${origin} gets its credentials by ${refused.join(", ")}; this stand-in takes a client certificate or a token.`,
    );
  }
  const material = (data: string | undefined, path: string | undefined) =>
    data
      ? Buffer.from(data, "base64").toString("utf8")
      : path
        ? readFileSync(resolve(directory, path), "utf8")
        : undefined;
  return {
    server: cluster.server,
    namespace: namespace ?? "default",
    certificateAuthority: material(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    certificate: material(user["client-certificate-data"], user["client-certificate"]),
    key: material(user["client-key-data"], user["client-key"]),
    token: user.token ?? material(undefined, user.tokenFile)?.trim(),
  };
}

function locate(setting: Json | undefined, environment: NodeJS.ProcessEnv) {
  if (typeof setting === "object" && setting !== null) {
    return { text: JSON.stringify(setting), directory: process.cwd(), origin: "the provider's kubeconfig" };
  }
  if (typeof setting === "string" && /\n|^\{/.test(setting)) {
    return { text: setting, directory: process.cwd(), origin: "the provider's kubeconfig" };
  }
  const candidates =
    typeof setting === "string"
      ? [setting.replace(/^~(?=\/)/, homedir())]
      : (environment.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [join(homedir(), ".kube", "config")]);
  const path = candidates.find((candidate) => existsSync(candidate));
  if (!path) {
    throw new KubeconfigError(
      "kubeconfig",
      `there is no kubeconfig at ${candidates.join(", ")}; write its contents or its path into kubernetes:kubeconfig, or set KUBECONFIG.`,
    );
  }
  return { text: readFileSync(path, "utf8"), directory: dirname(resolve(path)), origin: path };
}

function read(text: string, origin: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(parse(text));
  } catch (error) {
    const problems =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ")
        : (error as Error).message;
    throw new KubeconfigError("kubeconfig", `${origin} is not a kubeconfig: ${problems}`);
  }
}
