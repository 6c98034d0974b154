import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seeded } from "../../../scripts/trial/seeded";
import { bundleService } from "../../../services/bundle";
import { recover } from "../../../services/ledger/recovery";
import { freePort, LedgerProcess, type ProcessOptions } from "./ledger-process";
import { LedgerWorld } from "./ledger-world";

/** The bucket is nowhere: what is tried here is the disk, and nothing may leave it before it was anchored. */
const nowhere = { store: { bucket: "audit", region: "us-east-1", endpoint: "http://127.0.0.1:9", retainDays: 1 } };
const environment = { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };

let folder: string;
let program: string;
let world: LedgerWorld;
let running: LedgerProcess[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ledger-bundle-"));
  program = join(folder, "ledger.js");
  await bundleService("ledger", program);
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  world = await LedgerWorld.make();
  running = [];
});
afterEach(async () => {
  for (const one of running) await one.kill();
  await world.remove();
});

async function made(options: Partial<ProcessOptions> = {}, more: object = {}): Promise<LedgerProcess> {
  const ports = { api: await freePort(), probes: await freePort(), metrics: await freePort() };
  const ledger = new LedgerProcess(world, ports, { program, environment, ...options }, { ...nowhere, ...more });
  running.push(ledger);
  return ledger;
}

it("loses nothing that it acknowledged, killed at 100 random moments under load", async () => {
  const kills = 100;
  const ledger = await made({}, { seal: { afterMilliseconds: 50 } });
  const random = seeded(20_261_125);
  const acknowledged = new Map<string, string>();
  let counter = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    await ledger.start();
    let going = true;
    let speak = (): void => undefined;
    const spoke = new Promise<void>((resolve) => (speak = resolve));
    const writer = async (): Promise<void> => {
      while (going) {
        const key = `request-${(counter += 1)}/asked`;
        const answer = await world.append(key).catch(() => undefined);
        if (answer?.status !== 200) continue;
        acknowledged.set(key, answer.body.hash);
        speak();
      }
    };
    const writers = Array.from({ length: 8 }, writer);
    // Half of the moments lie in its start, half after its first word: a slow machine meets both.
    if (kill % 2 === 1) await spoke;
    await sleep(random.next().value * 120);
    await ledger.kill();
    going = false;
    await Promise.all(writers);
    await world.forgetConnections();
  }
  await ledger.start();
  await ledger.kill("SIGTERM");
  const chain = readFileSync(world.path("data/chain"), "utf8").trim();
  const { records } = await recover(world.path("data"), chain);
  const held = new Map(records.map(({ key, hash }) => [key, hash]));
  const lost = [...acknowledged].filter(([key, hash]) => held.get(key) !== hash);
  console.log(`killed ${kills} times, ${acknowledged.size} records acknowledged, ${lost.length} lost`);
  expect(acknowledged.size).toBeGreaterThanOrEqual(kills / 2);
  expect(lost).toEqual([]);
  expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, index) => index + 1));
}, 400_000);

describe("against a power cut", () => {
  const strace = spawnSync("strace", ["-V"]).status === 0;

  it.runIf(!strace)("is not exercised: strace is not on this machine", () => {
    console.warn("Whether the disk is synced before an answer was not watched: strace is not there.");
  });

  /** Runs some appends under strace. @returns for each answer whether a sync of the journal had returned since its write. */
  async function watched(nodeArgs: readonly string[]): Promise<boolean[]> {
    const trace = world.path("trace");
    const calls = "trace=fdatasync,fsync,pwrite64,write,writev,openat";
    const wrapper = ["strace", "-f", "-tt", "-y", "-s", "64", "-e", calls, "-o", trace];
    const ledger = await made({ wrapper, nodeArgs });
    await ledger.start();
    for (let count = 0; count < 5; count += 1) {
      expect((await world.append(`request-${count}/asked`)).status).toBe(200);
    }
    await world.forgetConnections();
    await ledger.stopTraced();
    return synced(readFileSync(trace, "utf8").split("\n"));
  }

  /** Reads a trace: after each write to the journal, was it synced before the next bytes went to a socket? */
  function synced(lines: readonly string[]): boolean[] {
    const answers: boolean[] = [];
    let dirty = false;
    let written = false;
    for (const line of lines) {
      // Records begin with their body; a head, which nobody is told of, begins with its certificates.
      const record = /pwrite64\(\d+<[^>]*\/journal\/\d{10}\.ndjson>, "\{\\"body\\"/.test(line);
      if (record) [dirty, written] = [true, true];
      // A call that others interrupt is two lines; what counts is that it has returned.
      if (/(fdatasync|fsync)\(.*journal\/\d{10}\.ndjson>\)\s*= 0/.test(line)) dirty = false;
      if (/fdatasync resumed>.*= 0/.test(line)) dirty = false;
      if (written && /(write|writev)\(\d+<(TCP|socket)[^>]*>/.test(line)) {
        answers.push(!dirty);
        written = false;
      }
    }
    return answers;
  }

  it.runIf(strace)("syncs the journal before it answers", async () => {
    const answers = await watched([]);
    expect(answers.length).toBeGreaterThanOrEqual(5);
    expect(answers).toEqual(answers.map(() => true));
  });

  it.runIf(strace)("is found out where it does not: with the sync taken out, this test sees it", async () => {
    const stub = join(folder, "no-sync.cjs");
    writeFileSync(
      stub,
      `const fs = require("node:fs/promises");
       fs.open(__filename).then(async (handle) => {
         const prototype = Object.getPrototypeOf(handle);
         prototype.datasync = async () => {};
         await handle.close();
       });`,
    );
    const answers = await watched(["--require", stub]);
    expect(answers).toContain(false);
  });
});

describe("with a full disk", () => {
  const mounts = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs none /mnt"]).status === 0;

  it.runIf(!mounts)("is not exercised: no file system can be mounted here", () => {
    console.warn("A full disk was not tried: this machine lets nobody mount one.");
  });

  it.runIf(mounts)("refuses, keeps what it has, and goes on when there is room again", async () => {
    const disk = world.path("disk");
    execFileSync("mkdir", [disk]);
    // A mount of its own name space: it is gone with the process.
    const script = `mount -t tmpfs -o size=96k none ${disk} && dd if=/dev/zero of=${disk}/ballast bs=1k count=16 status=none && exec "$@"`;
    const wrapper = ["unshare", "-rm", "sh", "-c", script, "sh"];
    const ledger = await made({ wrapper }, { data: join(disk, "data"), minimumFreeMebibytes: 0.001 });
    await ledger.start();
    const statuses: number[] = [];
    for (let count = 0; count < 400 && !statuses.includes(507); count += 1) {
      statuses.push((await world.append(`request-${count}/asked`)).status);
    }
    const taken = statuses.filter((status) => status === 200).length;
    expect(taken).toBeGreaterThan(20);
    expect(statuses.at(-1)).toBe(507);
    expect(await world.append("request-0/asked")).toMatchObject({ status: 200, body: { sequence: 2 } });
    rmSync(`/proc/${ledger.pid}/root${disk}/ballast`);
    const after = await world.append("request-after/asked");
    expect(after).toMatchObject({ status: 200, body: { sequence: taken + 2 } });
  });
});
