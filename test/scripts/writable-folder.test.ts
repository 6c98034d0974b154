import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, test, vi } from "vitest";
import type { KitError } from "../../components/kit-error";
import { bootMedia } from "../../scripts/boot-media/command";
import { writeGuide } from "../../scripts/guide/command";
import { kubeconfig } from "../../scripts/kubeconfig/command";
import { plan } from "../../scripts/plan/command";
import { rehearse } from "../../scripts/rehearse/command";
import { requireWritableFile, requireWritableFolder } from "../../scripts/writable-folder";

const root = mkdtempSync(join(tmpdir(), "cloister-writable-"));
const file = join(root, "file");
const folder = join(root, "folder");
const nowhere = join(root, "nowhere");

beforeAll(() => {
  writeFileSync(file, "");
  mkdirSync(folder);
  symlinkSync(join(root, "gone"), nowhere);
});
afterAll(() => rmSync(root, { recursive: true }));

const refusal = async (run: () => unknown): Promise<KitError> => {
  try {
    await run();
  } catch (error) {
    return error as KitError;
  }
  throw new Error("It was not refused.");
};

it("lets a folder be that is there or can be made, and leaves nothing in it", () => {
  requireWritableFolder({ path: folder, option: "--out" });
  requireWritableFolder({ path: join(folder, "a", "b"), option: "--out" });
  requireWritableFile({ path: file, option: "--out" });
  expect(readdirSync(folder)).toEqual([]);
});

const user = { user: "ada", hours: "8" };
const commands: [string, string, string, () => unknown][] = [
  ["plan --state <file>", file, "--state", () => plan("on-prem", { state: file })],
  ["boot-media --out <file>", file, "--out", () => bootMedia("on-prem", { out: file })],
  ["boot-media --out <file>/x", file, "--out", () => bootMedia("on-prem", { out: join(file, "x") })],
  ["kubeconfig --out <file>/x", file, "--out", () => kubeconfig("on-prem", { ...user, out: join(file, "x") })],
  ["kubeconfig --out <folder>", "a folder", "--out", () => kubeconfig("on-prem", { ...user, out: folder })],
  ["rehearse --state <file>", file, "--state", () => rehearse("on-prem", { state: file })],
  ["rehearse --state <file>/x", file, "--state", () => rehearse("on-prem", { state: join(file, "x") })],
  ["plan --state <link to nothing>", nowhere, "--state", () => plan("on-prem", { state: nowhere })],
];

test.each(commands)("%s is refused before anything else", async (_, found, option, run) => {
  const { name, mistakes } = await refusal(run);
  expect({ name, mistakes }).toMatchObject({
    name: "KitError",
    mistakes: [{ found: expect.stringContaining(found) as string, mend: expect.stringContaining(option) as string }],
  });
  expect(existsSync(join(root, "gone"))).toBe(false);
});

// Node's own recursive mkdir never comes back from there, not even for root.
test.runIf(process.platform === "linux").each(["/proc", "/proc/nope"])("%s is refused at once", async (state) => {
  const { mistakes } = await refusal(() => plan("on-prem", { state }));
  expect(mistakes).toMatchObject([{ found: "/proc, in which nothing can be made (ENOENT)" }]);
});

test("guide, boot-media and kubeconfig look in the folder that is named", async () => {
  writeFileSync(join(root, "other.yaml"), "name: another\n");
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const there = [
    () => writeGuide("other", root),
    () => bootMedia("other", { folder: root }),
    () => kubeconfig("other", { ...user, folder: root }),
  ];
  for (const run of there) expect((await refusal(run)).message).toContain("other.yaml is not a valid environment");
  expect((await refusal(() => writeGuide("other", file))).mistakes).toMatchObject([{ path: file, found: "a file" }]);
});
