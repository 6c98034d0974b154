import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import { placeholderImage } from "../../../rehearsal/registry/placeholder-image";
import { pushPlaceholders } from "../../../rehearsal/registry/push-placeholders";
import { type Registry, startRegistry } from "../../../rehearsal/registry/registry";
import { tarOf } from "../../../rehearsal/registry/tar";
import { tools } from "../tools";

const upstream = "docker.io/vllm/vllm-openai:v0.11.0";
const requests = Array.from({ length: 20 }, (_, index) => ({
  repository: `mirror/image-${index}`,
  tag: "v1",
  upstream: `${upstream}-${index}`,
}));

let directory: string;
let supervisor: Supervisor;
let registry: Registry;
let crane: string;

beforeAll(async () => {
  const toolbox = await tools("registry", "crane");
  crane = toolbox.path("crane");
  directory = mkdtempSync(join(tmpdir(), "cloister-registry-"));
  supervisor = await Supervisor.start(directory);
  registry = await startRegistry({ directory, binary: toolbox.path("registry") }, supervisor);
}, 900_000);

afterAll(async () => {
  await supervisor.stop();
  rmSync(directory, { recursive: true });
});

describe("placeholder images", () => {
  it("have a digest that depends on the upstream reference alone", () => {
    expect(placeholderImage(upstream).digest).toBe(placeholderImage(upstream).digest);
    expect(placeholderImage(upstream).digest).not.toBe(placeholderImage(`${upstream}-1`).digest);
  });

  it("hold a tar archive that the tar of the system reads", () => {
    const archive = join(directory, "layer.tar");
    writeFileSync(archive, tarOf("PLACEHOLDER.txt", "a line\n"));
    expect(execFileSync("tar", ["-xOf", archive, "PLACEHOLDER.txt"], { encoding: "utf8" })).toBe("a line\n");
  });
});

describe("pushPlaceholders", () => {
  it("places every image once, with the digest that the registry reports", async () => {
    const first = await pushPlaceholders(registry, crane, requests);
    expect(first.map(({ pushed }) => pushed)).toEqual(requests.map(() => true));
    expect(new Set(first.map(({ digest }) => digest)).size).toBe(requests.length);
    const again = await pushPlaceholders(registry, crane, requests);
    expect(again).toEqual(first.map((image) => ({ ...image, pushed: false })));
  });

  it("makes images that a client pulls by digest and that say what they are", async () => {
    const [image] = await pushPlaceholders(registry, crane, [
      { repository: "vllm/vllm-openai", tag: "v0.11.0", upstream },
    ]);
    const reference = `${registry.host}/${image!.repository}@${image!.digest}`;
    const manifest = JSON.parse(execFileSync(crane, ["manifest", reference], { encoding: "utf8" })) as unknown;
    expect(manifest).toMatchObject({
      annotations: { "dev.cloister.origin": "placeholder", "org.opencontainers.image.ref.name": upstream },
    });
    const files = execFileSync("tar", ["-xO"], {
      input: execFileSync(crane, ["export", reference, "-"]),
      encoding: "utf8",
    });
    expect(files).toContain(`A placeholder for ${upstream}`);
  });

  it("names every image that could not be placed", async () => {
    const wrong = ["Upper", "also/Wrong"].map((repository) => ({ repository, tag: "v1", upstream }));
    await expect(pushPlaceholders(registry, crane, [...requests, ...wrong])).rejects.toThrow(
      /Upper:v1[^]*also\/Wrong:v1|also\/Wrong:v1[^]*Upper:v1/,
    );
  });
});
