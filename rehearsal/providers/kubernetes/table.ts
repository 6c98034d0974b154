import type { CheckFailure, Properties, ProviderTable } from "../provider";
import { version } from "@pulumi/kubernetes/package.json";
import { Cluster } from "./cluster";
import { KubeconfigError, loadAccess } from "./kubeconfig";
import { ObjectKind } from "./object-kind";

const clusters = new WeakMap<Properties, Cluster>();

/** The SDK's groups are written without the core API's empty one: `core/v1` is `v1`. */
const token = /^kubernetes:(?:core\/)?([a-z0-9.-]+(?:\/[a-z0-9]+)?):([A-Z][A-Za-z0-9]*)$/;

/** Charts and manifests become plain objects in the program; a token for them here would hide them from policies. */
const refused = /^kubernetes:(?:helm\.sh|yaml|kustomize|index)/;

/**
 * Stands in for `@pulumi/kubernetes` with real requests to a real API server: any kind by server-side apply. Patch
 * and List resources, charts and YAML files are left out, and so are credentials by plugin.
 */
export const kubernetesTable: ProviderTable = {
  name: "kubernetes",
  version,
  kind: (type) => {
    const match = refused.test(type) ? null : token.exec(type);
    const [, apiVersion, kind] = match ?? [];
    if (!apiVersion || !kind || isPatchOrList(apiVersion, kind)) return undefined;
    return new ObjectKind(apiVersion, kind, clusterOf);
  },
  checkConfiguration,
};

/** The SDK has these beside the kinds of the built-in groups; a custom kind may well be called so. */
function isPatchOrList(apiVersion: string, kind: string): boolean {
  const builtIn = !apiVersion.includes(".") || apiVersion.includes(".k8s.io/");
  return builtIn && /.(Patch|List)$/.test(kind);
}

function clusterOf(configuration: Properties): Cluster {
  const known = clusters.get(configuration);
  if (known) return known;
  const access = loadAccess(configuration);
  const namespace = typeof configuration.namespace === "string" ? configuration.namespace : access.namespace;
  const cluster = new Cluster(access, namespace);
  clusters.set(configuration, cluster);
  return cluster;
}

function checkConfiguration(configuration: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (configuration.enableServerSideApply === false) {
    failures.push({
      property: "enableServerSideApply",
      reason: "found false; this stand-in only applies on the server. Leave the setting out or write true.",
    });
  }
  try {
    // Without any setting there may be no cluster yet: that is told where one is needed.
    if (configuration.kubeconfig !== undefined || configuration.context !== undefined) loadAccess(configuration);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    failures.push({ property: error.setting, reason: error.message });
  }
  return failures;
}
