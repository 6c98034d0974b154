import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageLock } from "../../components/images";
import { packSettings, prepareGate } from "../../scripts/gate";
import { readEnvironment } from "../../stacks/environment";

const environment = readEnvironment("on-prem");
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const lockOf = (digit: string): ImageLock => ({
  apiVersion: "cloister.dev/image-lock/v1",
  entries: { vllm: { upstream: "u", repository: "vllm/vllm-openai", digest: digest(digit), origin: "mirrored" } },
});

describe("what the pack is told of an environment", () => {
  it("is what the platform's own lists say", () => {
    expect(packSettings(environment)).toMatchObject({
      registry: "registry.ams1.example.internal:5000",
      modelCallers: [{ zone: "gateway", app: "guard" }],
      auditBucket: "example-on-prem-audit",
      objectStoreRanges: ["10.20.2.0/28"],
    });
  });

  it("holds no lock where nothing was mirrored, so that what needs it stays open", () => {
    expect(packSettings(environment)).not.toHaveProperty("lockedImages");
    expect(packSettings(environment, lockOf("1")).lockedImages).toEqual([`vllm/vllm-openai@${digest("1")}`]);
  });
});

describe("the lock that the gate reads", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cloister-gate-"));
    mkdirSync(join(root, "stacks", "on-prem"), { recursive: true });
    mkdirSync(join(root, "rehearsal"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const lay = (folder: string, digit: string) =>
    writeFileSync(join(root, folder, "images.lock.json"), JSON.stringify(lockOf(digit)));
  const locked = () => prepareGate(environment, join(root, "rehearsal"), join(root, "stacks")).settings.lockedImages;

  it("is the environment's own, but in a rehearsal, which mirrors into a registry of its own", () => {
    expect(locked()).toBeUndefined();
    lay("stacks/on-prem", "1");
    expect(locked()).toEqual([`vllm/vllm-openai@${digest("1")}`]);
    lay("rehearsal", "2");
    expect(locked()).toEqual([`vllm/vllm-openai@${digest("2")}`]);
  });
});
