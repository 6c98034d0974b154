import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tarOf } from "./tar";

const EPOCH = "1970-01-01T00:00:00Z";
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

/** A small real OCI image that says which image it stands in for. */
export interface PlaceholderImage {
  /** `sha256:` and 64 hexadecimal digits, of its manifest. */
  readonly digest: string;
  readonly manifest: Buffer;
  readonly blobs: readonly Blob[];
}

function blob(content: Buffer | object): Blob {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, content: bytes };
}

/** The same bytes, and so the same digest, for the same upstream reference, always. */
export function placeholderImage(upstream: string): PlaceholderImage {
  const layer = blob(
    tarOf(
      "PLACEHOLDER.txt",
      `A placeholder for ${upstream}, made for a rehearsal. It holds no program and cannot run.\n`,
    ),
  );
  const configuration = blob({
    created: EPOCH,
    architecture: "amd64",
    os: "linux",
    config: {},
    // The layer is not compressed: it is its own content.
    rootfs: { type: "layers", diff_ids: [layer.digest] },
    history: [{ created: EPOCH, created_by: "cloister rehearsal placeholder" }],
  });
  const descriptor = (mediaType: string, { digest, content }: Blob) => ({ mediaType, digest, size: content.length });
  const manifest = blob({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptor("application/vnd.oci.image.config.v1+json", configuration),
    layers: [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
    annotations: { "dev.cloister.origin": "placeholder", "org.opencontainers.image.ref.name": upstream },
  });
  return { digest: manifest.digest, manifest: manifest.content, blobs: [layer, configuration, manifest] };
}

/** Writes the image as an OCI image layout, the folder form that registry clients push. */
export function writeLayout(directory: string, image: PlaceholderImage): void {
  mkdirSync(join(directory, "blobs", "sha256"), { recursive: true });
  for (const { digest, content } of image.blobs) {
    writeFileSync(join(directory, "blobs", digest.replace(":", "/")), content);
  }
  const entry = { mediaType: MANIFEST_TYPE, digest: image.digest, size: image.manifest.length };
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  writeFileSync(join(directory, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
}
