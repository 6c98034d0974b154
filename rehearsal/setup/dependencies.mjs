import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import ownerLock from "./owner-lock.js";
import { PersonsError } from "./persons-error.mjs";
import { ROOT } from "./root.mjs";

/** Gigabytes (10⁹ bytes): 0.5 installed, measured, and as much again for npm's own cache. */
const NEEDED_GIGABYTES = 1;
const HEARTBEAT_MILLISECONDS = 10_000;
const TAIL_LINES = 12;

const MARKER = "node_modules/.cloister-installed.json";

/** Installs what package-lock.json names, unless exactly that is there. No install script runs. */
export async function installDependencies(root = ROOT, say = (line) => process.stderr.write(`${line}\n`)) {
  if (isInstalled(root)) return;
  await ownerLock.withOwnerLock(join(root, ".cloister/install.lock"), (adopt) => install(root, say, adopt), {
    onWait: (pid) => say(`Process ${pid} is installing the dependencies: waiting for it.`),
  });
}

/** True when node_modules holds what the lock file names, for this platform. */
export function isInstalled(root) {
  const expected = fingerprint(root);
  try {
    const { lock, tookSeconds } = JSON.parse(readFileSync(join(root, MARKER), "utf8"));
    return lock === expected && tookSeconds !== undefined;
  } catch {
    return matchesNpmsRecord(root) && mark(root, 0);
  }
}

/** The platform counts too: some packages bring one binary per platform. */
function fingerprint(root) {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  return hash.update(`${process.platform} ${process.arch}`).digest("hex");
}

/** Somebody ran `npm ci` by hand: npm's own record, written when it is done, then lists every package. */
function matchesNpmsRecord(root) {
  try {
    const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8")).packages;
    const installed = read("node_modules/.package-lock.json");
    return Object.entries(read("package-lock.json")).every(
      ([path, { version, optional, peer }]) =>
        path === "" || installed[path]?.version === version || ((optional || peer) && !installed[path]),
    );
  } catch {
    return false;
  }
}

function mark(root, tookSeconds) {
  writeFileSync(join(root, MARKER), `${JSON.stringify({ lock: fingerprint(root), tookSeconds })}\n`);
  return true;
}

async function install(root, say, adopt) {
  // Another process may have done it while this one waited for the lock.
  if (isInstalled(root)) return;
  const { bavail, bsize } = statfsSync(root);
  const free = (bavail * bsize) / 1e9;
  if (free < NEEDED_GIGABYTES) {
    throw new PersonsError({
      needed: `${NEEDED_GIGABYTES} GB of free disk, to install the dependencies`,
      found: `${free.toFixed(1)} GB free at ${root}`,
      mend: "Free some room there and run again.",
    });
  }
  // Gone before npm begins: an npm that is killed half-way leaves nothing that looks finished.
  rmSync(join(root, MARKER), { force: true });
  const log = join(root, ".cloister/logs/npm-ci.log");
  mkdirSync(join(root, ".cloister/logs"), { recursive: true });
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  say("Installing the dependencies (npm ci, 0.5 GB; about a minute where npm's cache is empty).");
  const heartbeat = setInterval(() => say(`  still installing, ${seconds()} s`), HEARTBEAT_MILLISECONDS);
  const code = await npmCi(root, log, adopt).finally(() => clearInterval(heartbeat));
  if (code !== 0) throw installFailure(code, log, root);
  mark(root, seconds());
  say(`Dependencies installed in ${seconds()} s.`);
}

/** The npm that started this process, else the one on PATH. It ends with this process, or with the next if this is killed. */
function npmCi(root, log, adopt) {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm && /npm-cli\.c?js$/.test(npm) ? [process.execPath, [npm]] : ["npm", []];
  const output = openSync(log, "w");
  const child = spawn(command, [...prefix, ...args], {
    cwd: root,
    detached: true,
    stdio: ["ignore", output, output],
  });
  if (child.pid !== undefined) adopt(child.pid);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const end = (signal) => {
    // Asked politely, npm first puts everything back, for a minute; the next run starts afresh anyway.
    process.kill(-child.pid, "SIGKILL");
    child.removeAllListeners("close").once("close", () => {
      for (const each of signals) process.off(each, end);
      process.kill(process.pid, signal);
    });
  };
  for (const signal of signals) process.on(signal, end);
  return new Promise((settle, fail) => {
    child.once("error", (error) =>
      fail(
        error.code === "ENOENT"
          ? new PersonsError({
              needed: "npm, to install the dependencies",
              found: "no `npm` on PATH",
              mend: "Install Node.js with npm (nodejs.org), or start this with `npm run`.",
            })
          : error,
      ),
    );
    child.once("close", (code) => settle(code ?? 1));
  }).finally(() => {
    for (const signal of signals) process.off(signal, end);
    closeSync(output);
  });
}

const CAUSES = [
  [/EBADENGINE/, `A package does not run on this Node.js (${process.versions.node}): npm names it, and what it needs.`],
  [
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|network|E40[137]|E5\d\d/,
    "The package registry cannot be reached or refuses: check the network, the proxy and `npm config get registry`.",
  ],
  [/ENOSPC/, "The disk is full: free some room and run again."],
  [
    /EINTEGRITY/,
    "A package is not the one that was pinned. Do not go on: find out what your registry serves (`npm config get registry`).",
  ],
  [/EUSAGE|in sync/, "package.json and package-lock.json disagree: run `npm install` and look at what it changes."],
  [/EACCES|EPERM|EROFS/, "npm may not write here: make the work tree and npm's cache writable for you."],
];

function installFailure(code, log, root) {
  const said = readFileSync(log, "utf8").trim();
  const errors = said.split("\n").filter((line) => line.trim() !== "");
  return new PersonsError({
    needed: "the dependencies that package-lock.json names",
    found: `npm ci ended with exit code ${code}`,
    mend: CAUSES.find(([pattern]) => pattern.test(said))?.[1] ?? "Read what npm said, mend it and run again.",
    output: errors.slice(-TAIL_LINES).join("\n"),
    log: relative(root, log),
  });
}
