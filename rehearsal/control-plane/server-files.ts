import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivateFile } from "../processes/private-file";
import { Authority, type AuthorityFiles } from "./authority";

/** Each signs for one purpose: a client's certificate is no server's, and none of the cluster's opens etcd. */
export const AUTHORITIES = ["server", "client", "request-header", "etcd-server", "etcd-peer"] as const;
export type AuthorityName = (typeof AUTHORITIES)[number];

/** What an API server is told at its start, YAML each. */
export interface ServerDocuments {
  readonly audit: string;
  readonly admission: string;
  readonly authentication: string;
  readonly encryption: string;
}

/** What a first server brings to a control plane, and all that stays the same from one start to the next. */
export interface ServerFiles {
  readonly documents: ServerDocuments;
  readonly authorities: Readonly<Record<AuthorityName, AuthorityFiles>>;
  /** PEM; signs the tokens of service accounts. */
  readonly serviceAccountKey: string;
  /** Roles and bindings that the first server applies: who the operators are, and what they may do. */
  readonly manifests: readonly object[];
}

/** Paths of what an API server reads at its start. */
export type DocumentPaths = Readonly<Record<keyof ServerDocuments, string>>;

export function writeDocuments(directory: string, documents: ServerDocuments): DocumentPaths {
  const names = Object.keys(documents) as (keyof ServerDocuments)[];
  return Object.fromEntries(
    names.map((name) => [name, writePrivateFile(join(directory, `${name}.yaml`), documents[name])]),
  ) as Record<keyof ServerDocuments, string>;
}

/** Keys and authorities of one control plane: what no document of it holds in clear. */
export type ServerKeys = Pick<ServerFiles, "authorities" | "serviceAccountKey"> & {
  /** 32 bytes, base64: seals what goes into etcd. */
  readonly encryptionKey: string;
};

/**
 * Keys and authorities for a control plane that no foundation brings any to, such as one that a cloud keeps for itself.
 * They stay in the directory: what an earlier run wrote can be read again.
 */
export async function throwawayKeys(directory: string): Promise<ServerKeys> {
  const path = join(directory, "throwaway-keys.json");
  const kept = read(path);
  if (kept !== undefined && Object.values(kept.authorities).every((authority) => Authority.outlives(authority))) {
    return kept;
  }
  const made = await Promise.all(AUTHORITIES.map(async (name) => [name, await Authority.make(name)] as const));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const all = {
    authorities: Object.fromEntries(made) as Record<AuthorityName, AuthorityFiles>,
    serviceAccountKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    encryptionKey: randomBytes(32).toString("base64"),
  };
  writePrivateFile(path, JSON.stringify(all));
  return all;
}

function read(path: string): ServerKeys | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ServerKeys) : undefined;
}

/**
 * Machines with other authorities or another key at rest are other machines: what the earlier ones kept in etcd they could
 * neither read nor trust, so theirs begins empty.
 */
export function forgetOtherMachines(
  directory: string,
  { authorities, documents, serviceAccountKey }: ServerFiles,
): void {
  const path = join(directory, "identity");
  const identity = createHash("sha256")
    .update(JSON.stringify([AUTHORITIES.map((name) => authorities[name]), documents.encryption, serviceAccountKey]))
    .digest("hex");
  if (existsSync(path) && readFileSync(path, "utf8") === identity) return;
  rmSync(join(directory, "etcd"), { recursive: true, force: true });
  writePrivateFile(path, identity);
}
