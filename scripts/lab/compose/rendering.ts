import type { KubernetesObject } from "../../export/kubernetes-objects";
import type { ComposeService, ComposeVolume } from "./compose-file";
import type { Difference } from "./fields";

/** A service that no manifest names: it stands where an end of the flow table is outside the platform. */
export interface Addition {
  /** Name of the service. */
  readonly name: string;
  /** The end it stands for, as `flowEndName` says it, such as `object-store`. */
  readonly end: string;
  /** Names by which the platform's pods reach it. */
  readonly aliases: readonly string[];
  /** The service without its networks; texts with `$` escaped. */
  readonly service: Omit<ComposeService, "networks" | "network_mode">;
  /** Volumes that it needs. */
  readonly volumes?: Readonly<Record<string, ComposeVolume>>;
}

export interface ComposeOptions {
  /** Name of the Compose project. @default cloister-lab */
  readonly name?: string;
  /** The name by which applications reach the door. */
  readonly doorHost: string;
  /** Port on 127.0.0.1 of the door's first pod; each further pod has the next one. @default 8443 */
  readonly doorPort?: number;
  /** `none` leaves GPUs out, for a machine without any. @default as-asked */
  readonly gpus?: "as-asked" | "none";
  /** `user:group` of all containers, in place of the manifests' own: the owner of the files. */
  readonly user?: string;
  /** More environment variables by `zone/app`, such as a store's credentials where no token can be issued. */
  readonly environment?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What stands outside the platform. @default nothing */
  readonly additions?: readonly Addition[];
  /** IPv4 network from which each flow's is cut; RFC 2544 keeps the default from use on the Internet. @default 198.18.0.0/15 */
  readonly addresses?: string;
}

/** A file that Compose mounts, by its path below the folder of the Compose file. */
export interface RenderedFile {
  readonly content: Buffer;
  readonly mode: number;
}

/** What is gathered while services are rendered. */
export interface Rendering {
  readonly options: ComposeOptions;
  readonly differences: Difference[];
  /** ConfigMaps and Secrets by title, such as `Secret gateway/envoy-tls`. */
  readonly stores: ReadonlyMap<string, KubernetesObject>;
  /** Titles of those that a container mounts. */
  readonly mounted: Set<string>;
  readonly files: Record<string, RenderedFile>;
  readonly configs: Record<string, { readonly file: string }>;
  readonly secrets: Record<string, { readonly file: string }>;
  readonly volumes: Record<string, ComposeVolume>;
}
