import { KitError, type Mistake } from "./kit-error";

/** What an entry is: a container image, or a model's weights as an OCI artifact that a pod mounts as a volume. */
export type ImageKind = "image" | "model";

export interface CatalogueEntry {
  readonly kind: ImageKind;
  /** Where the publisher offers it; only the mirroring command ever reaches there. */
  readonly upstream: string;
  /** Its path below the private registry's host. */
  readonly repository: string;
  readonly tag: string;
  /** A service of the kit's own: its program is laid on top of the upstream image, which brings nothing but Node. */
  readonly service?: "guard" | "ledger";
  /** A model's licence: an SPDX identifier, or its own name where SPDX lists none. */
  readonly licence?: { readonly id: string } | { readonly name: string };
}

/** Every image and model the platform can run. Nothing else names one. */
export const imageCatalogue = {
  envoy: {
    kind: "image",
    upstream: "docker.io/envoyproxy/envoy:distroless-v1.40.0",
    repository: "envoyproxy/envoy",
    tag: "distroless-v1.40.0",
  },
  vllm: {
    kind: "image",
    upstream: "docker.io/vllm/vllm-openai:v0.30.0",
    repository: "vllm/vllm-openai",
    tag: "v0.30.0",
  },
  guard: {
    kind: "image",
    upstream: "gcr.io/distroless/nodejs24-debian13:nonroot",
    service: "guard",
    repository: "cloister/guard",
    tag: "0.1.0",
  },
  ledger: {
    kind: "image",
    upstream: "gcr.io/distroless/nodejs24-debian13:nonroot",
    service: "ledger",
    repository: "cloister/ledger",
    tag: "0.1.0",
  },
  // Where its publisher puts it since June 2026; what is at mcr.microsoft.com is not updated any more.
  presidio: {
    kind: "image",
    upstream: "ghcr.io/data-privacy-stack/presidio-analyzer:2.2.366",
    repository: "data-privacy-stack/presidio-analyzer",
    tag: "2.2.366",
  },
  mlflow: {
    kind: "image",
    upstream: "ghcr.io/mlflow/mlflow:v3.15.1-full",
    repository: "mlflow/mlflow",
    tag: "v3.15.1-full",
  },
  collector: {
    kind: "image",
    upstream: "docker.io/otel/opentelemetry-collector-contrib:0.165.0",
    repository: "otel/opentelemetry-collector-contrib",
    tag: "0.165.0",
  },
  // Upstream names its images by commit: there has been no version since 1.4.0.
  ratelimit: {
    kind: "image",
    upstream: "docker.io/envoyproxy/ratelimit:3fb70258",
    repository: "envoyproxy/ratelimit",
    tag: "3fb70258",
  },
  valkey: {
    kind: "image",
    upstream: "docker.io/valkey/valkey:9.1.4-trixie",
    repository: "valkey/valkey",
    tag: "9.1.4-trixie",
  },
  prometheus: {
    kind: "image",
    upstream: "quay.io/prometheus/prometheus:v3.16.0",
    repository: "prometheus/prometheus",
    tag: "v3.16.0",
  },
  "kube-vip": {
    kind: "image",
    upstream: "ghcr.io/kube-vip/kube-vip:v1.1.2",
    repository: "kube-vip/kube-vip",
    tag: "v1.1.2",
  },
  "qwen3-8b": {
    kind: "model",
    upstream: "hf.co/Qwen/Qwen3-8B",
    repository: "models/qwen3-8b",
    tag: "main",
    licence: { id: "Apache-2.0" },
  },
  "llama-3.1-8b-instruct": {
    kind: "model",
    upstream: "hf.co/meta-llama/Llama-3.1-8B-Instruct",
    repository: "models/llama-3.1-8b-instruct",
    tag: "main",
    licence: { name: "Llama 3.1 Community License Agreement" },
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ImageName = keyof typeof imageCatalogue;
export const imageNames = Object.keys(imageCatalogue) as ImageName[];

/** What a site's own machines run before there is a platform; a cloud's control plane needs none of it. */
export const siteImageNames = ["kube-vip"] as const satisfies readonly ImageName[];

export type ModelName = { [K in ImageName]: (typeof imageCatalogue)[K]["kind"] extends "model" ? K : never }[ImageName];
export const modelNames = imageNames.filter((name): name is ModelName => imageCatalogue[name].kind === "model");

export interface LockEntry {
  readonly upstream: string;
  readonly repository: string;
  /** `sha256:` and 64 hexadecimal digits, as the private registry itself reported it. */
  readonly digest: string;
  /** `placeholder`: a tiny stand-in that a rehearsal pushed; refused everywhere else. */
  readonly origin: "mirrored" | "placeholder";
}

/** What was mirrored into an environment's private registry. Only the command that mirrored it writes this. */
export interface ImageLock {
  readonly apiVersion: "cloister.dev/image-lock/v1";
  readonly entries: Readonly<Partial<Record<string, LockEntry>>>;
}

/** Hands out references by digest: `registry.example.internal/vllm/vllm-openai@sha256:…`. */
export type ImageReference = (name: ImageName) => string;

export interface ImageReferenceArgs {
  readonly environment: string;
  /** Host of the private registry, with its port where it has one. */
  readonly registry: string;
  /** Undefined where the environment has no lock yet. */
  readonly lock: ImageLock | undefined;
  readonly lockPath: string;
  /** What this environment runs; each needs an entry. */
  readonly needed: readonly ImageName[];
  /** True in a rehearsal alone. */
  readonly placeholders: boolean;
}

const digestPattern = /^sha256:[0-9a-f]{64}$/;

/**
 * Checks that all that will run is locked, and returns the way to name it.
 *
 * @throws KitError naming every image that has no entry, a stale one, or a placeholder where none may be.
 */
export function imageReferences(args: ImageReferenceArgs): ImageReference {
  const { environment, registry, lock, lockPath, needed } = args;
  const mend = `run \`npm run cloister -- images mirror ${environment}\`, which writes the lock`;
  const mistakes = needed.flatMap((name): Mistake[] => {
    const { upstream, repository } = imageCatalogue[name];
    const entry = lock?.entries[name];
    const at = (found: string, allowed: string): Mistake[] => [
      { path: `${lockPath} entries.${name}`, found, allowed, mend },
    ];
    if (entry === undefined) return at(lock === undefined ? "no lock file" : "no entry", `the digest of ${upstream}`);
    if (!digestPattern.test(entry.digest)) return at(`digest ${entry.digest}`, "sha256: and 64 hexadecimal digits");
    if (entry.upstream !== upstream || entry.repository !== repository) {
      return at(`an entry for ${entry.upstream} in ${entry.repository}`, `one for ${upstream} in ${repository}`);
    }
    if (entry.origin === "placeholder" && !args.placeholders) {
      return at("a placeholder that a rehearsal pushed", "a mirrored image");
    }
    return [];
  });
  if (mistakes.length > 0) throw new KitError(`The images of ${environment} are not locked`, mistakes);
  return (name) => {
    const entry = lock?.entries[name];
    if (entry === undefined || !needed.includes(name)) throw new Error(`image ${name} was not declared as needed`);
    return `${registry}/${entry.repository}@${entry.digest}`;
  };
}
