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

function owner(path) {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, "utf8"));
    return { pid, alive: started !== undefined && processStart(pid) === started };
  } catch (error) {
    return error.code === "ENOENT" ? undefined : { pid: 0, alive: false };
  }
}

/** The lock appears whole or not at all: its contents are written first, then linked to its name. */
function take(path) {
  const mine = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: processStart(process.pid) }));
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

/** Moves a dead owner's lock aside; one that a living process took in the same moment is put back. */
function clear(path) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (owner(aside)?.alive) linkSync(aside, path);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
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
    return await work();
  } finally {
    if (owner(path)?.pid === process.pid) rmSync(path, { force: true });
  }
}

module.exports = { processStart, withOwnerLock };
