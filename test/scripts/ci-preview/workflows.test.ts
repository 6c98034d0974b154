import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { environmentNames } from "../../../stacks/environment";
import { projectDirectory } from "../../../scripts/rehearse/rehearsal-files";
import { tools } from "../../rehearsal/tools";

const folder = join(projectDirectory, ".github/workflows");
const files = readdirSync(folder).map((file) => join(folder, file));
let actionlint: string;

beforeAll(async () => {
  actionlint = (await tools("actionlint")).path("actionlint");
}, 600_000);

describe("the workflows of GitHub", () => {
  it("are sound to actionlint, which is no rubber stamp", () => {
    expect(execFileSync(actionlint, ["-no-color", ...files], { encoding: "utf8" })).toBe("");
    const scratch = mkdtempSync(join(tmpdir(), "cloister-workflow-"));
    const broken = join(scratch, "broken.yml");
    writeFileSync(
      broken,
      readFileSync(join(folder, "preview.yml"), "utf8").replace("needs: environments", "needs: nobody"),
    );
    const judged = spawnSync(actionlint, ["-no-color", broken], { encoding: "utf8" });
    rmSync(scratch, { recursive: true });
    expect([judged.status, judged.stdout]).toEqual([1, expect.stringContaining("nobody")]);
  });

  it("use actions by commit, store no key, and write to nothing from a job that runs the change's code", () => {
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      for (const [, action] of text.matchAll(/uses: (\S+)/g)) expect(action).toMatch(/@[0-9a-f]{40}$/);
      expect(text).not.toMatch(/secrets\./);
      const { jobs, permissions } = parse(text) as {
        permissions: Record<string, string>;
        jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string }[] }>;
      };
      expect(permissions).toEqual({ contents: "read" });
      for (const job of Object.values(jobs)) {
        const writes = Object.entries(job.permissions ?? {}).filter(
          ([name, right]) => right === "write" && name !== "id-token",
        );
        const runsCode = job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"));
        // Findings are the change's own to report; a comment or an issue speaks in the repository's name.
        if (runsCode) expect(writes.map(([name]) => name).filter((name) => name !== "security-events")).toEqual([]);
      }
    }
  });
});

it("GitLab's file is YAML, and previews every example", () => {
  const file = parse(readFileSync(join(projectDirectory, "docs/ci/gitlab-ci.yml"), "utf8")) as {
    preview: { parallel: { matrix: { ENVIRONMENT: string[] }[] } };
  };
  expect([...file.preview.parallel.matrix[0]!.ENVIRONMENT].sort()).toEqual(environmentNames());
});
