import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { tarOf } from "../../rehearsal/registry/tar";
import { bundleService, type ServiceName } from "../../services/bundle";

const run = promisify(execFile);

export interface ServiceImageArgs {
  /** Absolute path of the registry client. */
  readonly crane: string;
  readonly service: ServiceName;
  /** Image with nothing but Node, by reference. */
  readonly base: string;
  /** Where the service's image goes, by reference. */
  readonly target: string;
}

/**
 * Makes the image of a service of the kit's own, without a container engine: one layer with one file, the same bytes for the
 * same sources, on top of an image that brings nothing but Node. It runs as nobody, and has no shell.
 */
export async function makeServiceImage({ crane, service, base, target }: ServiceImageArgs): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "cloister-service-"));
  try {
    const program = join(scratch, "main.js");
    await bundleService(service, program);
    const layer = join(scratch, "layer.tar");
    writeFileSync(layer, tarOf("app/main.js", readFileSync(program, "utf8")));
    await run(crane, ["append", "--base", base, "--new_layer", layer, "--new_tag", target]);
    const entrypoint = "/nodejs/bin/node,/app/main.js";
    await run(crane, ["mutate", target, "--entrypoint", entrypoint, "--user", "65532:65532", "--tag", target]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
