import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProcessTable } from "../../rehearsal/processes/process-table";
import type { Rehearsal } from "../../scripts/rehearse/rehearsal";
import { layers, stackName, type Layer } from "../../stacks/environment";
import { expectAccounted } from "./footprint-story";
import { mend, random, upUntilKilled } from "./killed-engine";
import { rehearsalTools, RehearsedExample } from "./rehearsed";
import { standing } from "./standing";

const minutes = 60_000;
const repository = resolve(__dirname, "../..");

/**
 * How often the engine is killed in each layer, at points spread over all that it makes; the first kill of all is another.
 * CLOISTER_KILLS=all kills it nearly twice as often, which takes five minutes on two cores.
 */
const kills: Readonly<Record<Layer, number>> =
  process.env.CLOISTER_KILLS === "all" ? { foundation: 7, platform: 12 } : { foundation: 4, platform: 6 };

/** One story, told in order: each test goes on with what the one before it left half-made. */
describe("an update that is killed", () => {
  const seed = Number(process.env.CLOISTER_KILL_SEED ?? 20);
  const next = random(seed);
  let example: RehearsedExample;
  let rehearsal: Rehearsal;

  beforeAll(async () => {
    console.log(`The points are drawn from seed ${seed}; CLOISTER_KILL_SEED draws others.`);
    example = new RehearsedExample(await rehearsalTools(), "on-prem");
  }, 30 * minutes);

  afterAll(() => example.close(), 2 * minutes);

  const inState = (layer: Layer) => standing(example, layer).map(({ urn }) => urn);

  function expectNoneTwice(): void {
    for (const layer of layers) expect(new Set(inState(layer)).size).toBe(inState(layer).length);
  }

  /** Kills it so many times on one way up; where a run gets to its end first, the rest begin from nothing again. */
  async function killOnTheWay(layer: Layer): Promise<number> {
    const all = resourcesOf(layer);
    const points = Array.from({ length: kills[layer] }, (_, index) => ((index + next()) / kills[layer]) * all);
    let killed = 0;
    for (const point of points) {
      const after = Math.max(1, Math.round(point) - inState(layer).length);
      const outcome = await upUntilKilled(example, rehearsal, { stack: stackName("on-prem", layer), after });
      if (outcome === "ended") continue;
      killed++;
      await mend(example, rehearsal);
      expectNoneTwice();
    }
    return killed;
  }

  test(
    "with all that started it, leaves nothing that the next run does not end or mend",
    async () => {
      const args = ["rehearse", "on-prem", "--folder", example.folder, "--state", dirname(example.files.directory)];
      const child = spawn(process.execPath, ["--import", "tsx", "scripts/cloister.ts", ...args], {
        cwd: repository,
        detached: true,
        stdio: "ignore",
      });
      const ended = new Promise((closed) => child.on("close", (_code, signal) => closed(signal)));
      const least = 1 + Math.floor(next() * 20);
      while (!existsSync(example.files.stackState("on-prem-foundation")) || inState("foundation").length < least) {
        await new Promise((waited) => setTimeout(waited, 50));
      }
      const servers = readProcessTable(example.files.directory);
      process.kill(-child.pid!, "SIGKILL");
      expect(await ended).toBe("SIGKILL");
      rehearsal = await example.open("up");
      expect(readProcessTable(example.files.directory)?.supervisor.pid).not.toBe(servers?.supervisor.pid);
      expectNoneTwice();
    },
    5 * minutes,
  );

  test(
    "at any point of its way is gone on with by the next, and nothing is made twice or left over",
    async () => {
      let killed = await killOnTheWay("foundation");
      expect((await rehearsal.runLayer("foundation", "up", true)).errors).toEqual([]);
      await rehearsal.controlPlane();
      killed += await killOnTheWay("platform");
      const summary = await rehearsal.run();
      expect(summary.stacks.flatMap(({ errors, refused }) => [...errors, ...refused])).toEqual([]);
      expect(summary.outcome).toBe("released");
      await expectAccounted({ example, rehearsal });
      expect(killed).toBe(kills.foundation + kills.platform);
    },
    10 * minutes,
  );

  test(
    "is as if it had never been killed: the run after finds nothing to do",
    async () => {
      for (const layer of layers) {
        const { code, changes } = await rehearsal.runLayer(layer, "preview", true);
        expect({ layer, code, done: Object.keys(changes) }).toEqual({ layer, code: 0, done: ["same"] });
      }
    },
    5 * minutes,
  );
});

/** As many as the golden list names, components aside: these are made without a step of their own outside. */
function resourcesOf(layer: Layer): number {
  const path = resolve(__dirname, `../components/${layer}/golden-urns.on-prem.txt`);
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((urn) => urn !== "").length;
}
