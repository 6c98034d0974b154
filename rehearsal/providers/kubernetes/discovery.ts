import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type ApiClient } from "./api-client";

/** Where objects of one kind live. */
export interface Mapping {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

interface ResourceList {
  readonly resources?: readonly { name: string; kind: string; namespaced: boolean }[];
}

/** How long a kind defined a moment ago may take to be served. */
const GRACE_SECONDS = 10;

/** Which kinds the API server serves, asked once for each group and again when a kind is missing. */
export class Discovery {
  private readonly lists = new Map<string, Promise<ResourceList>>();

  constructor(private readonly client: ApiClient) {}

  /** Undefined when the API server does not serve the kind. */
  async find(apiVersion: string, kind: string): Promise<Mapping | undefined> {
    return (
      (await this.lookUp(apiVersion, kind)) ?? (this.lists.delete(apiVersion), await this.lookUp(apiVersion, kind))
    );
  }

  /** Waits a little for a kind whose definition was made in the same run. */
  async expect(apiVersion: string, kind: string, signal: AbortSignal): Promise<Mapping> {
    const deadline = Date.now() + GRACE_SECONDS * 1000;
    for (;;) {
      const mapping = await this.find(apiVersion, kind);
      if (mapping) return mapping;
      if (Date.now() > deadline || signal.aborted) {
        throw new Error(
          `the API server does not serve ${kind} in ${apiVersion}; if a CustomResourceDefinition makes it, let this resource depend on it.`,
        );
      }
      await sleep(250);
    }
  }

  private async lookUp(apiVersion: string, kind: string): Promise<Mapping | undefined> {
    let list = this.lists.get(apiVersion);
    if (!list) {
      list = this.fetch(apiVersion);
      this.lists.set(apiVersion, list);
      list.catch(() => this.lists.delete(apiVersion));
    }
    // Names with a slash are subresources, such as `deployments/scale`.
    const found = (await list).resources?.find((resource) => resource.kind === kind && !resource.name.includes("/"));
    return found && { apiVersion, kind, plural: found.name, namespaced: found.namespaced };
  }

  private async fetch(apiVersion: string): Promise<ResourceList> {
    try {
      const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      return (await this.client.request("GET", path)).body;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return {};
      throw error;
    }
  }
}

/** The path of one object. */
export function objectPath(mapping: Mapping, name: string, namespace: string): string {
  const root = mapping.apiVersion.includes("/") ? `/apis/${mapping.apiVersion}` : `/api/${mapping.apiVersion}`;
  const scope = mapping.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${mapping.plural}/${encodeURIComponent(name)}`;
}
