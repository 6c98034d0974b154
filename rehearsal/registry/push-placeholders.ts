import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { MANIFEST_TYPE, placeholderImage, writeLayout } from "./placeholder-image";
import type { Registry } from "./registry";

const run = promisify(execFile);
/** As many as a small machine pushes at once without waiting for its disk. */
const AT_ONCE = 4;

export interface PlaceholderRequest {
  /** Name in the private registry, such as `vllm/vllm-openai`. */
  readonly repository: string;
  readonly tag: string;
  /** The image it stands in for, such as `docker.io/vllm/vllm-openai:v0.11.0`. */
  readonly upstream: string;
}

export interface PlacedImage extends PlaceholderRequest {
  /** As the registry itself reports it for the tag. */
  readonly digest: string;
  readonly origin: "placeholder";
  /** False when the registry had it already. */
  readonly pushed: boolean;
}

/**
 * Puts one small real image for each request into the registry; those it has already are left alone.
 *
 * @param crane absolute path of the registry client.
 * @throws Error that lists every image that could not be placed.
 */
export async function pushPlaceholders(
  registry: Registry,
  crane: string,
  requests: readonly PlaceholderRequest[],
): Promise<PlacedImage[]> {
  const scratch = mkdtempSync(join(tmpdir(), "cloister-placeholders-"));
  try {
    const placed: PlacedImage[] = [];
    const mistakes: string[] = [];
    const waiting = [...requests.entries()];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, request] = next;
        try {
          placed[index] = await place(registry, crane, request, join(scratch, String(index)), scratch);
        } catch (error) {
          mistakes.push(`${request.repository}:${request.tag}: ${said(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (mistakes.length > 0) throw new Error(`Images that could not be placed:\n- ${mistakes.sort().join("\n- ")}`);
    return placed;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function place(
  registry: Registry,
  crane: string,
  request: PlaceholderRequest,
  layout: string,
  home: string,
): Promise<PlacedImage> {
  const image = placeholderImage(request.upstream);
  const known = (await reportedDigest(registry, request)) === image.digest;
  if (!known) {
    writeLayout(layout, image);
    // An empty home: no registry credential of the person's own is ever shown to anything.
    const env = { PATH: process.env.PATH, HOME: home, DOCKER_CONFIG: home };
    await run(crane, ["push", layout, `${registry.host}/${request.repository}:${request.tag}`], { env });
  }
  const digest = await reportedDigest(registry, request);
  if (digest !== image.digest) throw new Error(`the registry reports ${digest ?? "none"}, pushed was ${image.digest}`);
  return { ...request, digest, origin: "placeholder", pushed: !known };
}

/** The digest a registry has under a tag, or undefined when it has none. */
export async function reportedDigest(
  { url }: Registry,
  { repository, tag }: Pick<PlaceholderRequest, "repository" | "tag">,
): Promise<string | undefined> {
  const response = await fetch(`${url}/v2/${repository}/manifests/${tag}`, {
    method: "HEAD",
    headers: { accept: MANIFEST_TYPE },
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`the registry answers ${response.status} for ${repository}:${tag}`);
  return response.headers.get("docker-content-digest") ?? undefined;
}

function said(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim();
}
