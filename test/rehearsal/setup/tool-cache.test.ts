import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheDirectory, contentKey, ToolCache } from "../../../rehearsal/setup/tool-cache";
import { temporaryDirectory } from "./fixtures";

const build = (text: string) => (directory: string) => {
  writeFileSync(join(directory, "tool"), text);
  return Promise.resolve({ tool: "tool" });
};
const cacheIn = (root: string) => new ToolCache(root);

test("any change of content is another key", () => {
  const key = contentKey(["go.mod", "go.sum", ["-s"], "linux"]);
  expect(contentKey(["go.mod", "go.sum", ["-s"], "linux"])).toBe(key);
  for (const other of [
    ["go.mod ", "go.sum", ["-s"], "linux"],
    ["go.mod", "go.sum2", ["-s"], "linux"],
    ["go.mod", "go.sum", ["-s", "-w"], "linux"],
    ["go.mod", "go.sum", ["-s"], "darwin"],
  ]) {
    expect(contentKey(other)).not.toBe(key);
  }
});

test("the cache lies where the person says, else where caches lie", () => {
  expect(cacheDirectory({ CLOISTER_CACHE: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" })).toBe("/a");
  expect(cacheDirectory({ XDG_CACHE_HOME: "/b", HOME: "/c" })).toBe("/b/cloister");
  expect(cacheDirectory({ HOME: "/c" })).toBe("/c/.cache/cloister");
});

test("what was published is found, whole, and not built again", async () => {
  const cache = cacheIn(temporaryDirectory());
  const made = await cache.publish("etcd", "k1", build("first"));
  const again = await cache.publish("etcd", "k1", () => Promise.reject(new Error("built twice")));
  expect(again.directory).toBe(made.directory);
  expect(cache.find("etcd", "k1")?.files).toEqual({ tool: { path: "tool", bytes: 5 } });
  expect(cache.find("etcd", "k2")).toBeUndefined();
  expect(cache.find("etcd", "k2-go1.26", "k")?.directory).toBe(made.directory);
  expect(cache.lastSeconds("etcd")).toBe(made.seconds);
});

test("two who want the same build it once", async () => {
  const cache = cacheIn(temporaryDirectory());
  let builds = 0;
  const counted = (directory: string) => {
    builds += 1;
    return build("same")(directory);
  };
  await Promise.all([cache.publish("etcd", "k", counted), cache.publish("etcd", "k", counted)]);
  expect(builds).toBe(1);
});

test("a build that fails leaves nothing", async () => {
  const root = temporaryDirectory();
  const cache = cacheIn(root);
  const failing = async (directory: string) => {
    await build("half")(directory);
    throw new Error("no");
  };
  await expect(cache.publish("etcd", "k", failing)).rejects.toThrow("no");
  expect(readdirSync(join(root, "tools/etcd"))).toEqual([]);
});

test("a file that is shorter than it was is not found, and is made again", async () => {
  const cache = cacheIn(temporaryDirectory());
  const { directory } = await cache.publish("etcd", "k", build("whole"));
  writeFileSync(join(directory, "tool"), "ho");
  expect(cache.find("etcd", "k")).toBeUndefined();
  await cache.publish("etcd", "k", build("whole"));
  expect(cache.find("etcd", "k")).toBeDefined();
});

test("a build killed half-way stops nothing: its lock and its half are cleared by the next", async () => {
  const root = temporaryDirectory();
  const killed = spawn(process.execPath, ["--import", "tsx", join(__dirname, "build-until-killed.ts"), root], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(killed.stdout, "data");
  expect(readdirSync(join(root, "tools/etcd"))).toHaveLength(2);
  killed.kill("SIGKILL");
  await once(killed, "exit");

  const cache = cacheIn(root);
  expect(cache.find("etcd", "k")).toBeUndefined();
  await cache.publish("etcd", "k", build("whole"));
  expect(readdirSync(join(root, "tools/etcd"))).toEqual(["k"]);
});
