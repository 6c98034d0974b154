"use strict";
// Plain JavaScript: the bootstrap needs it before any dependency is installed.
const { spawnSync } = require("node:child_process");
const { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { dirname } = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

const POLL_MILLISECONDS = 200;

function processStart(pid) {
  if (process.platform !== "linux") {
    const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 ? stdout.trim() || undefined : undefined;
  }
  try {
    // The command, in parentheses, may hold spaces and parentheses: fields are counted after the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if ("ZX".includes(fields[0])) return undefined;
    // Ticks count from boot, so the boot is part of the identity.
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** True only for the very process that was recorded. */
function lives({ pid, started }) {
  return started !== undefined && processStart(pid) === started;
}

function identity(pid) {
  return { pid, started: processStart(pid) };
}

function owner(path) {
  try {
    const { children = [], ...self } = JSON.parse(readFileSync(path, "utf8"));
    return { pid: self.pid, alive: lives(self), children };
  } catch (error) {
    return error.code === "ENOENT" ? undefined : { pid: 0, alive: false, children: [] };
  }
}

/** The lock appears whole or not at all: its contents are written first, then linked to its name. */
function take(path) {
  const mine = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(mine, JSON.stringify(identity(process.pid)));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Writes down what the owner started, so that who takes over after a kill can end it first. */
function adopt(path, pid) {
  const mine = `${path}.${process.pid}`;
  const record = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(mine, JSON.stringify({ ...record, children: [...(record.children ?? []), identity(pid)] }));
  renameSync(mine, path);
}

/**
 * Moves a dead owner's lock aside and ends what it left running, each child with its process group; a lock that a
 * living process took in the same moment is put back.
 */
function clear(path) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    const { alive, children } = owner(aside);
    if (alive) linkSync(aside, path);
    else for (const child of children.filter(lives)) process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST" && error.code !== "ESRCH") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

async function withOwnerLock(path, work, { onWait } = {}) {
  let told = false;
  while (!take(path)) {
    const holder = owner(path);
    if (holder === undefined) continue;
    if (!holder.alive) {
      clear(path);
      continue;
    }
    if (!told) onWait?.(holder.pid);
    told = true;
    await sleep(POLL_MILLISECONDS);
  }
  try {
    return await work((pid) => adopt(path, pid));
  } finally {
    if (owner(path)?.pid === process.pid) rmSync(path, { force: true });
  }
}

module.exports = { processStart, withOwnerLock };
