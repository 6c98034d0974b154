import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { imageCatalogue, type ImageLock } from "../../../../components/images";
import { imagesOfEnvironment } from "../../../../scripts/images/images";
import { ContainerLab, type ContainerLabOptions } from "../../../../scripts/lab/containers/container-lab";
import { findEngine, type Engine } from "../../../../scripts/lab/containers/engine";
import type { ComposeFile } from "../../../../scripts/lab/compose/compose-file";
import { SILENT_PROGRESS } from "../../../../rehearsal/setup/progress";
import { readEnvironment } from "../../../../stacks/environment";
import { tools } from "../../../rehearsal/tools";
import { close, doorPort, listen } from "../door-port";
import { digest } from "../lab-world";
import { fakeEngine, type Behaviour } from "./fake-docker";

const environment = readEnvironment("on-prem");
const registry = "registry.test:5000";

/** A lock of the test's own: no registry reported its digests, and nothing is pulled by them. */
const lock: ImageLock = {
  apiVersion: "cloister.dev/image-lock/v1",
  entries: Object.fromEntries(
    imagesOfEnvironment(environment).map((name) => {
      const { upstream, repository } = imageCatalogue[name];
      return [name, { upstream, repository, digest, origin: "mirrored" }];
    }),
  ),
};

describe("a lab in a container engine, whose client is a fake that starts nothing", () => {
  let reader: string;
  let directory: string;
  beforeAll(async () => {
    reader = (await tools("compose")).path("docker-compose");
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "container-lab-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** What starting says, and what the engine was asked. */
  async function start(
    behaviour: Behaviour,
    more: Partial<ContainerLabOptions> = {},
  ): Promise<{ message: string; calls: string[] }> {
    const fake = fakeEngine({ reader, ...behaviour });
    const lockPath = join(directory, "images.lock.json");
    writeFileSync(lockPath, JSON.stringify(lock));
    const storeProgram = join(directory, "store");
    writeFileSync(storeProgram, "a store");
    const message = await ContainerLab.start({
      environment,
      directory: join(directory, "lab"),
      progress: SILENT_PROGRESS,
      engine: findEngine(fake.environment).engine as Engine,
      registry,
      lockPath,
      storeProgram,
      port: await doorPort(),
      ...more,
    }).then(
      () => "started",
      (error: Error) => error.message,
    );
    return { message, calls: fake.calls().filter((call) => !/^(version|info|compose version)/.test(call)) };
  }

  it("without a lock asks for one, and starts nothing", async () => {
    const { message, calls } = await start({}, { lockPath: join(directory, "none.json") });
    expect(message).toContain("none.json entries.envoy");
    expect(message).toContain("run `npm run cloister -- images mirror on-prem`");
    expect(calls).toEqual([]);
  });

  it("says which service is not healthy, with the end of its log, and ends the others", async () => {
    const { message, calls } = await start({ unhealthy: "object-store" });
    expect(message).toContain("service object-store");
    expect(message).toMatch(/unhealthy; the end of its log:\n\s+the last thing that it said/);
    const up = calls.findIndex((call) => call.includes(" up "));
    expect(calls[up]).toMatch(/--project-name cloister-lab-on-prem .* up --detach .*--wait .* object-store$/);
    expect(calls.findLastIndex((call) => call.includes(" down "))).toBe(calls.length - 1);
    expect(readFileSync(join(directory, "lab", "logs", "containers.log"), "utf8")).toContain("the last thing");
  });

  it("says that the door's port is another program's", async () => {
    const port = await doorPort();
    const server = await listen(port);
    const { message, calls } = await start({}, { port });
    if (server !== undefined) await close(server);
    expect(message).toContain(`found:   ${port}, which another program has`);
    expect(calls.some((call) => call.includes(" up "))).toBe(false);
  });

  describe("that gets as far as the images", () => {
    let said: Awaited<ReturnType<typeof start>>;
    let file: ComposeFile;
    // Each trial begins with a folder of its own; this one's is looked at by several.
    let own: string;
    beforeAll(async () => {
      own = directory = mkdtempSync(join(tmpdir(), "container-lab-"));
      said = await start({ absent: "envoyproxy/envoy" });
      file = parse(readFileSync(join(own, "lab", "compose.yaml"), "utf8")) as ComposeFile;
    });
    afterAll(() => rmSync(own, { recursive: true, force: true }));

    it("says which is not to be had, and how it is loaded", () => {
      const { message, calls } = said;
      expect(message).toMatch(/docker does not have the lab's images: 1 mistake/);
      expect(message).toContain(`${registry}/envoyproxy/envoy@${digest}`);
      expect(message).toContain("found:   Error response from daemon: manifest unknown");
      expect(message).toContain("images mirror on-prem");
      expect(calls.at(-1)).toMatch(/down --volumes --remove-orphans$/);
    });

    it("has a file that the real `docker compose config` read, with every image from the registry by digest", () => {
      expect(said.calls[0]).toMatch(/config --quiet$/);
      const images = Object.values(file.services).map(({ image }) => image);
      expect(images.filter((image) => !image.startsWith(`${registry}/`) || !image.endsWith(`@${digest}`))).toEqual([]);
      expect(images.some((image) => image.includes("vllm"))).toBe(false);
    });

    it("has a file in which nobody is root, and all that is mounted is there", () => {
      const users = Object.values(file.services).map(({ user }) => user);
      expect(users.filter((user) => user === undefined || user.startsWith("0"))).toEqual([]);
      for (const { file: path } of [...Object.values(file.configs), ...Object.values(file.secrets)]) {
        expect(existsSync(join(own, "lab", path)), path).toBe(true);
      }
    });

    it("has a file in which only the door and the store are reached from this machine, on loopback", () => {
      const published = Object.entries(file.services).flatMap(([name, { ports = [] }]) =>
        ports.map(({ host_ip }) => `${name} ${host_ip}`),
      );
      expect(published.sort()).toEqual([
        "envoy-envoy-0 127.0.0.1",
        "envoy-envoy-1 127.0.0.1",
        "object-store 127.0.0.1",
      ]);
    });
  });

  it("is refused by the real reader where the file is none", async () => {
    const { message } = await start({ reader: "/bin/false" });
    expect(message).toContain("a file that `compose config` reads");
  });
});
