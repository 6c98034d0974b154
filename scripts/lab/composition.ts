import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { flows, type Flow } from "../../components/flows";
import type { ImageReference } from "../../components/images";
import type { Environment } from "../../stacks/environment";
import type { KubernetesObject } from "../export/kubernetes-objects";
import { renderCompose, type RenderedCompose } from "./compose/render-compose";
import type { ComposeOptions, RenderedFile } from "./compose/rendering";
import type { Ground } from "./ground/ground";
import { recordManifests } from "./manifests/record-manifests";

/** Keys of the lab's store, as programs with AWS's library read them from their environment. */
export interface StoreKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The Compose file of a lab, and the objects of the cluster that it was rendered from. */
export interface Composition {
  readonly objects: readonly KubernetesObject[];
  readonly rendered: RenderedCompose;
}

export interface CompositionArgs {
  readonly environment: Environment;
  readonly ground: Ground;
  readonly keys: StoreKeys;
  readonly image: ImageReference;
  /** What the caller wants to be otherwise than in the cluster. */
  readonly options?: Partial<ComposeOptions>;
  /** Flows beside those of the table. @default none */
  readonly besides?: readonly Flow[];
}

/** `zone/app` of whoever reads or writes the store: in a cluster a token of its own would open it. */
export const storeUsers = ["gateway/guard", "audit/ledger", "models/mlflow"] as const;

/** Renders the platform of an environment on the lab's ground. */
export async function compose(args: CompositionArgs): Promise<Composition> {
  const { environment, ground, keys, image, options = {}, besides = [] } = args;
  const { platform } = environment;
  const { provider, substrate } = ground;
  const people = { ...platform.people, issuer: provider.issuer, keys: provider.publicKeys };
  const objects = await recordManifests({ ...platform, people, substrate, image });
  const credentials = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const own = Object.fromEntries(storeUsers.map((user) => [user, { ...credentials, ...options.environment?.[user] }]));
  const rendered = renderCompose(objects, { doorHost: platform.door.host, ...options, environment: own }, [
    ...flows,
    ...besides,
  ]);
  return { objects, rendered };
}

/** Writes the one file, with all that it mounts beside it. @returns its path. */
export function writeComposition(directory: string, { compose: file, files }: RenderedCompose): string {
  writeFiles(directory, files);
  const path = join(directory, "compose.yaml");
  // It holds the keys of the lab's store.
  writeFileSync(path, stringify(file, { version: "1.1" }), { mode: 0o600 });
  return path;
}

/** Writes files by their path below a folder, or by their absolute path where the folder is `/`. */
export function writeFiles(folder: string, files: Readonly<Record<string, RenderedFile>>): void {
  for (const [path, { content, mode }] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(target, content);
    chmodSync(target, mode);
  }
}
