import { ApiClient, ApiError, type Answer } from "./api-client";
import { Discovery, objectPath, type Mapping } from "./discovery";
import type { Access } from "./kubeconfig";
import { textOf } from "../property-path";
import type { Json, Properties } from "../provider";

/** One object's place in the cluster. */
export interface Address {
  readonly mapping: Mapping;
  readonly name: string;
  /** Only used for namespaced kinds. */
  readonly namespace: string;
}

export interface ApplyOptions {
  /** Who owns the applied fields. */
  readonly manager: string;
  /** Validate and admit, and store nothing. */
  readonly dryRun: boolean;
  /** Take fields over from other managers. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** What the provider asks of an API server. */
export class Cluster {
  readonly client: ApiClient;
  readonly discovery: Discovery;

  constructor(
    access: Access,
    /** Where namespaced objects go that name no namespace. */
    readonly defaultNamespace: string,
  ) {
    this.client = new ApiClient(access);
    this.discovery = new Discovery(this.client);
  }

  address(mapping: Mapping, object: Properties): Address {
    const metadata = (object.metadata ?? {}) as Record<string, Json>;
    const namespace = textOf(metadata.namespace, this.defaultNamespace);
    return { mapping, name: textOf(metadata.name), namespace };
  }

  /** Server-side apply with strict validation: a field nobody knows is an error, never dropped. */
  async apply(address: Address, object: Properties, options: ApplyOptions): Promise<Answer> {
    const { mapping, name, namespace } = address;
    const { namespace: _declared, ...metadata } = (object.metadata ?? {}) as Record<string, Json>;
    const { status: _status, ...fields } = object;
    const body = {
      ...fields,
      apiVersion: mapping.apiVersion,
      kind: mapping.kind,
      metadata: { ...metadata, name, ...(mapping.namespaced ? { namespace } : {}) },
    };
    return this.client.request("PATCH", objectPath(mapping, name, namespace), {
      body,
      contentType: "application/apply-patch+yaml",
      signal: options.signal,
      query: {
        fieldManager: options.manager,
        fieldValidation: "Strict",
        force: String(options.force),
        ...(options.dryRun ? { dryRun: "All" } : {}),
      },
    });
  }

  /** Undefined when there is no such object. */
  async get({ mapping, name, namespace }: Address, signal?: AbortSignal): Promise<Properties | undefined> {
    try {
      return (await this.client.request("GET", objectPath(mapping, name, namespace), { signal })).body;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Asks for the object to go once what it owns is gone. False when it was gone already. */
  async delete({ mapping, name, namespace }: Address, propagationPolicy: string): Promise<boolean> {
    try {
      await this.client.request("DELETE", objectPath(mapping, name, namespace), { body: { propagationPolicy } });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return false;
      throw error;
    }
  }

  /** Objects of a built-in kind in a namespace; none when the server refuses to tell. */
  async list(plural: "events" | "pods", namespace: string, query: Record<string, string>): Promise<Properties[]> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${plural}`;
    const items = await this.client.request("GET", path, { query }).then(
      ({ body }) => body.items,
      () => undefined,
    );
    return Array.isArray(items) ? (items as Properties[]) : [];
  }
}
