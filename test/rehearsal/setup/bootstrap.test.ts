import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { executable, temporaryDirectory, write } from "./fixtures";

const SETUP = resolve(__dirname, "../../../rehearsal/setup");
const BOOTSTRAP = join(SETUP, "bootstrap.mjs");
const url = (file: string) => JSON.stringify(pathToFileURL(join(SETUP, file)).href);

const node = (args: readonly string[], environment: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, args, { encoding: "utf8", env: environment });

/** A work tree with one package, and an npm of the test's own that runs the script. */
function workTree(npm: string): { root: string; install: () => ReturnType<typeof node> } {
  const root = temporaryDirectory();
  const bin = join(root, "bin");
  executable(join(bin, "npm"), `echo "$*" >> ${join(root, "npm-calls")}\n${npm}`);
  const packages = {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  };
  write(join(root, "package-lock.json"), JSON.stringify({ packages }));
  const script = `import { installDependencies } from ${url("dependencies.mjs")};
    await installDependencies(${JSON.stringify(root)}).catch((error) => { console.error(error.message); process.exit(1); });`;
  const install = () => node(["--input-type=module", "-e", script], { PATH: bin });
  return { root, install };
}

const calls = (root: string) => readFileSync(join(root, "npm-calls"), "utf8").split("\n").filter(Boolean);
const npmsRecord = (root: string, version: string) =>
  write(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: { "node_modules/a": { version } } }));

test("a Node that is too old is told so, with what is needed and how to mend it", () => {
  const older = `data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.18.3" } })`;
  const { status, stderr } = node(["--import", older, BOOTSTRAP, "rehearse"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^needed {3}Node.js 20\.19\.0 or newer\nfound {4}Node.js 20\.18\.3 at .+\nto mend {2}Install/);
});

test.each([[[]], [["rehears"]], [["constructor"]]])("an unknown command (%j) names those there are", (args) => {
  const { status, stderr } = node([BOOTSTRAP, ...args]);
  expect(status).toBe(1);
  expect(stderr).toContain("needed   one of the commands rehearse, cloister, bench, test");
});

test("help for the tests builds nothing, and keeps standard output for the answer", () => {
  const { status, stdout, stderr } = node([BOOTSTRAP, "test", "--version"]);
  expect(status).toBe(0);
  expect(stdout).toContain("vitest/");
  expect(stderr).toBe("");
});

test("dependencies are installed without scripts, once", () => {
  const { root, install } = workTree("/bin/mkdir -p node_modules/a");
  expect(install().stderr).toContain("Dependencies installed");
  expect(calls(root)).toEqual(["ci --ignore-scripts --no-audit --no-fund --no-progress"]);
  expect(install().stderr).toBe("");
  write(join(root, "package-lock.json"), readFileSync(join(root, "package-lock.json"), "utf8") + " ");
  install();
  expect(calls(root)).toHaveLength(2);
});

test("what somebody installed by hand is taken as it is, when it is what the lock names", () => {
  const { root, install } = workTree("");
  npmsRecord(root, "1.0.0");
  expect(install().status).toBe(0);
  expect(existsSync(join(root, "npm-calls"))).toBe(false);
});

test("another version than the lock names is installed over", () => {
  const { root, install } = workTree("");
  npmsRecord(root, "1.0.1");
  install();
  expect(calls(root)).toHaveLength(1);
});

test("an npm that was killed half-way leaves nothing that looks finished", () => {
  const { root, install } = workTree(
    `/bin/mkdir -p node_modules/a; [ -e ${"$0"}.once ] || { : > ${"$0"}.once; kill -9 $$; }`,
  );
  expect(install().status).toBe(1);
  expect(install().status).toBe(0);
  expect(calls(root)).toHaveLength(2);
  rmSync(join(root, "node_modules"), { recursive: true });
  install();
  expect(calls(root)).toHaveLength(3);
});

test("a registry out of reach is one message, with npm's own last words and the log", () => {
  const { root, install } = workTree("echo 'npm error code ENOTFOUND' >&2; echo 'npm error no registry' >&2; exit 1");
  const { status, stderr } = install();
  expect(status).toBe(1);
  expect(stderr).toContain("found    npm ci ended with exit code 1\nto mend  The package registry cannot be reached");
  expect(stderr).toContain("    npm error no registry\nlog      .cloister/logs/npm-ci.log");
  expect(readFileSync(join(root, ".cloister/logs/npm-ci.log"), "utf8")).toContain("ENOTFOUND");
});

test("without npm, that is said", () => {
  const { root, install } = workTree("");
  rmSync(join(root, "bin/npm"));
  expect(install().stderr).toContain("no `npm` on PATH");
});

test("a command's exit code is the child's, and signals are handed on", async () => {
  const child = `process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => 0, 1000);`;
  const script = `import { run } from ${url("run-command.mjs")};
    const { code } = await run(["-e", ${JSON.stringify(child)}]); process.exit(code);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(parent.stdout, "data");
  parent.kill("SIGTERM");
  expect(await once(parent, "exit")).toEqual([7, null]);
});
