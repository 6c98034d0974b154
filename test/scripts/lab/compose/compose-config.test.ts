import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { writeComposition } from "../../../../scripts/lab/composition";
import { environmentNames } from "../../../../stacks/environment";
import { tools } from "../../../rehearsal/tools";
import { manifestsOf, rendered } from "../lab-world";

describe("the real `docker compose config`", async () => {
  const compose = (await tools("compose")).path("docker-compose");
  const directory = mkdtempSync(join(tmpdir(), "compose-config-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const read = (file: string) =>
    promisify(execFile)(compose, ["--file", file, "config", "--quiet"]).then(
      () => "accepted",
      (error: { stderr: string }) => error.stderr,
    );

  it.each(environmentNames())("accepts what %s is rendered to, with all its files", async (name) => {
    expect(await read(writeComposition(join(directory, name), rendered(await manifestsOf(name))))).toBe("accepted");
  });

  it("refuses a network that nobody declares", async () => {
    const { compose: file } = rendered(await manifestsOf("on-prem"));
    const path = join(directory, "broken.yaml");
    writeFileSync(path, stringify({ ...file, networks: {} }));
    expect(await read(path)).toMatch(/refers to undefined network/);
  });
});
