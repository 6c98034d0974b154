import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { compare, interleaved, type Comparison } from "./measurement";

const rounds = 7;

/** From the start of the pack's process until it serves the engine, against a pack of one rule. */
export async function measurePackStart(): Promise<Comparison> {
  const whole = () => start(resolve(__dirname, "../policies"));
  const one = () => start(join(__dirname, "one-rule-pack"));
  // The first of each fills the caches of files and of transformed sources.
  await interleaved(1, whole, one);
  return compare({
    name: "pack-start",
    goal: 1.5,
    sides: ["the whole pack, until it serves", "a pack of one rule"],
    rounds: await interleaved(rounds, whole, one),
  });
}

/** @returns seconds until the pack has told its port. @throws Error where it ends before. */
function start(pack: string): Promise<number> {
  const runner = createRequire(__filename).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return new Promise((done, fail) => {
    const begun = performance.now();
    // Nobody answers at that address, and a pack asks nothing of the engine before it is asked.
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", pack], {
      cwd: pack,
      env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: "false" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const errors: Buffer[] = [];
    let seconds: number | undefined;
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.stdout.once("data", () => {
      seconds = (performance.now() - begun) / 1000;
      child.kill();
    });
    child.on("error", fail);
    child.on("close", () =>
      seconds === undefined
        ? fail(new Error(`${pack} does not start:\n${Buffer.concat(errors).toString()}`))
        : done(seconds),
    );
  });
}
