import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageCatalogue, imageReferences, type ImageLock } from "../../../components/images";
import { Supervisor } from "../../../rehearsal/processes/supervisor";
import { pushPlaceholders } from "../../../rehearsal/registry/push-placeholders";
import { startRegistry, type Registry } from "../../../rehearsal/registry/registry";
import { SILENT_PROGRESS } from "../../../rehearsal/setup/progress";
import { imagesOfEnvironment, lock, mirror, verify, type ImagesArgs } from "../../../scripts/images/images";
import { readEnvironment } from "../../../stacks/environment";
import { makeServiceImage } from "../../../scripts/images/service-image";
import { tools } from "../../rehearsal/tools";

const run = promisify(execFile);
const environment = readEnvironment("on-prem");
const needed = imagesOfEnvironment(environment);

describe("images, between two real registries", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "cloister-images-")));
  const supervisors: Supervisor[] = [];
  let source: Registry;
  let own: Registry;
  let crane: string;

  beforeAll(async () => {
    const toolbox = await tools("registry", "crane");
    crane = toolbox.path("crane");
    const open = async (name: string) => {
      const directory = join(root, name);
      const supervisor = await Supervisor.start(directory);
      supervisors.push(supervisor);
      return startRegistry({ directory, binary: toolbox.path("registry") }, supervisor);
    };
    source = await open("source");
    own = await open("own");
    await pushPlaceholders(
      source,
      crane,
      needed.map((name) => imageCatalogue[name]),
    );
  }, 600_000);

  afterAll(async () => {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    rmSync(root, { recursive: true, force: true });
  });

  const lockPath = join(root, "images.lock.json");
  const args = (more: Partial<ImagesArgs> = {}): ImagesArgs => ({
    environment,
    crane,
    progress: SILENT_PROGRESS,
    registry: own.host,
    lockPath,
    ...more,
  });

  test("writes no lock while one image is missing, and names all that are", async () => {
    const refused = lock(args());
    await expect(refused).rejects.toThrow(`${needed.length} mistakes`);
    await expect(refused).rejects.toThrow("vllm/vllm-openai");
    expect(existsSync(lockPath)).toBe(false);
  });

  test("copies, locks what the private registry reports, and finds it again", async () => {
    const written = await mirror(args({ from: source.host }));
    expect(Object.keys(written.entries)).toEqual(needed);
    expect(JSON.parse(readFileSync(lockPath, "utf8"))).toEqual(written);
    expect(await verify(args())).toBe(needed.length);
    const reference = imageReferences({
      environment: environment.name,
      registry: own.host,
      lock: written,
      lockPath,
      needed,
      placeholders: false,
    });
    expect(reference("vllm")).toMatch(/^127\.0\.0\.1:\d+\/vllm\/vllm-openai@sha256:[0-9a-f]{64}$/);
  });

  test("makes the image of a service on one that brings Node, without a container engine", async () => {
    const base = `${source.host}/${imageCatalogue.guard.repository}:${imageCatalogue.guard.tag}`;
    const target = `${own.host}/cloister/guard:made`;
    const digests: string[] = [];
    for (const _time of [1, 2]) {
      await makeServiceImage({ crane, service: "guard", base, target });
      digests.push((await run(crane, ["digest", target])).stdout.trim());
    }
    expect(new Set(digests).size).toBe(1);
    const { config } = JSON.parse((await run(crane, ["config", target])).stdout) as { config: Record<string, unknown> };
    expect(config).toMatchObject({ Entrypoint: ["/nodejs/bin/node", "/app/main.js"], User: "65532:65532" });
    const listed = (await run("sh", ["-c", `"${crane}" export ${target} - | tar -tf -`])).stdout;
    expect(listed).toContain("app/main.js");
  }, 60_000);

  test("sees a digest that the registry does not hold", async () => {
    const written = JSON.parse(readFileSync(lockPath, "utf8")) as ImageLock;
    const entry = written.entries.envoy;
    const other = {
      ...written,
      entries: { ...written.entries, envoy: { ...entry, digest: `sha256:${"0".repeat(64)}` } },
    };
    writeFileSync(lockPath, JSON.stringify(other));
    await expect(verify(args())).rejects.toThrow("envoyproxy/envoy@sha256:0000");
  });
});
