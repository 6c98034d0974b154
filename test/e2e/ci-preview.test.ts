import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PreviewReport } from "../../scripts/ci-preview/report";
import { projectDirectory } from "../../scripts/rehearse/rehearsal-files";
import { rehearsalTools } from "./rehearsed";

const minutes = 60_000;
const root = realpathSync(mkdtempSync(join(tmpdir(), "cloister-ci-")));
const clone = join(root, "clone");
const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];

const git = (...args: string[]) => execFileSync("git", [...identity, ...args], { cwd: clone, encoding: "utf8" });

/** The project as it is here, uncommitted changes and all, as the first commit of a repository with a bare origin. */
function layRepository(): void {
  mkdirSync(clone);
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: projectDirectory,
    encoding: "utf8",
  });
  const files = listed.split("\0").filter((path) => path !== "" && path !== "node_modules");
  for (const file of files.filter((path) => existsSync(join(projectDirectory, path)))) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(projectDirectory, file), join(clone, file));
  }
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", join(root, "origin.git")]);
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "the project");
  git("remote", "add", "origin", join(root, "origin.git"));
  git("push", "--quiet", "origin", "main");
  // A link is no folder, which is what the project ignores: and it is no file of the change.
  writeFileSync(join(clone, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(projectDirectory, "node_modules"), join(clone, "node_modules"));
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(clone, file), "utf8");
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(join(clone, file), text.replace(from, to));
}

/** As a workflow runs it: its report is what it printed, and what it wrote. */
function ciPreview(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const command = [join(clone, "rehearsal/setup/bootstrap.mjs"), "cloister", "ci-preview", ...args];
  return new Promise((done) => {
    execFile(process.execPath, command, { cwd: clone, maxBuffer: 64 << 20 }, (error, output, errors) =>
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1, output, errors }),
    );
  });
}

describe("a pull request against a bare repository", () => {
  beforeAll(async () => {
    await rehearsalTools();
    layRepository();
  }, 30 * minutes);

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test(
    "is told by one comment: what changes, what it costs, what the gate refuses and how to mend it",
    async () => {
      git("switch", "--quiet", "--create", "change");
      edit("stacks/on-prem.yaml", "replicas: 2 }", "replicas: 3 }");
      edit(
        "components/platform/workload/workload-plan.ts",
        "readOnlyRootFilesystem: true",
        "readOnlyRootFilesystem: false",
      );
      // A file that is none stops its own environment, and no other.
      edit("stacks/colocation.yaml", "kind: colocation", "kind: collocation");
      git("commit", "--quiet", "--all", "--message", "a change");
      const { code, output, errors } = await ciPreview("on-prem", "colocation", "--base", "origin/main", "--rehearsed");
      expect({ code, errors: code === 1 ? "" : errors }).toEqual({ code: 1, errors: "" });

      const written = join(clone, ".cloister/ci-preview");
      expect(readFileSync(join(written, "comment.md"), "utf8")).toBe(output);
      expect(output).toContain("**on-prem** stopped; **colocation** not a valid environment.");
      expect(output).toMatch(/\| update \| `platform-serving-servers-qwen3-8b-deployment` \|.*`spec\.replicas`, `spec/);
      expect(output).toMatch(/\| NET-12 \*\*new\*\* \| high \| .*the root file system can be written/);
      expect(output).toContain("**Cost** over 36 months");
      expect(output).toContain("footprint.kind");

      const report = JSON.parse(readFileSync(join(written, "summary.json"), "utf8")) as PreviewReport;
      expect(report.environments.map(({ environment, verdict }) => [environment, verdict])).toEqual([
        ["on-prem", "stopped"],
        ["colocation", "invalid"],
      ]);
      // Nothing differs but what the change touched: keys drawn at random and ports are the same on both sides.
      expect(report.environments[0]!.changes.map(({ change }) => change)).not.toContain("create");
      const fields = report.environments[0]!.changes.flatMap((change) => change.fields);
      expect(fields.filter((field) => !/replicas|readOnlyRootFilesystem|nvidia\.com\/gpu/.test(field))).toEqual([]);
      const sarif = JSON.parse(readFileSync(join(written, "on-prem.sarif"), "utf8")) as {
        runs: { results: { ruleId: string; kind: string }[] }[];
      };
      expect(sarif.runs[0]!.results.filter(({ kind }) => kind === "fail").map(({ ruleId }) => ruleId)).toContain(
        "NET-12",
      );
      // Neither the clone nor its origin is left with anything of ours.
      expect(git("status", "--porcelain")).toBe("");
      expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
    },
    5 * minutes,
  );

  test("that cannot be compared, or names what is not there, is told so before anything is run", async () => {
    const nowhere = await ciPreview("--base", "origin/nowhere", "--rehearsed");
    expect({ code: nowhere.code, told: nowhere.errors.includes("origin/nowhere") }).toEqual({ code: 1, told: true });
    const unknown = await ciPreview("mars", "venus", "--base", "origin/main", "--rehearsed", "--json");
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.output)).toMatchObject({ error: { mistakes: [{ path: "mars" }, { path: "venus" }] } });
    const listed = await ciPreview("--list", "--json");
    expect(JSON.parse(listed.output)).toEqual(["colocation", "on-prem", "private-cloud"]);
  }, 60_000);
});
