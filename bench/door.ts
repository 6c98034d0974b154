import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, Pool, request, type Dispatcher } from "undici";
import { stringify } from "yaml";
import { ModelServer } from "../rehearsal/model-server/model-server";
import type { Progress } from "../rehearsal/setup/progress";
import type { Toolbox } from "../rehearsal/setup/toolbox";
import { Lab } from "../scripts/lab/lab";
import { unhindered } from "../scripts/lab/unhindered";
import { Scanner } from "../services/guard/detect/scanner";
import { guardPolicy } from "../services/guard/policy/policy";
import { readEnvironment } from "../stacks/environment";
import { median, type Measurement } from "./measurement";

type Answer = Dispatcher.ResponseData;
/** Sends one request the one way or the other. */
type Way = (body: object) => Promise<Answer>;

const model = "qwen3-8b";
const say = (content: string, more: object = {}): object => ({
  model,
  messages: [{ role: "user", content: `say: ${content}` }],
  max_tokens: 400,
  ...more,
});

const measured = (
  name: string,
  value: number,
  unit: Measurement["unit"],
  goal: number,
  least = false,
): Measurement => ({
  name,
  value: Number(value.toFixed(3)),
  unit,
  goal,
  ok: least ? value >= goal : value <= goal,
});

/** Milliseconds of a whole answer. */
async function whole(way: Way): Promise<number> {
  const start = performance.now();
  const answer = await way(say("ok"));
  await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  return performance.now() - start;
}

/** Milliseconds until the first frame of a stream, and until the first text. */
async function firsts(way: Way): Promise<[number, number]> {
  const start = performance.now();
  const answer = await way(say("one two three four five six", { stream: true }));
  let [frame, text] = [0, 0];
  let all = "";
  for await (const piece of answer.body.setEncoding("utf8") as AsyncIterable<string>) {
    frame ||= performance.now() - start;
    all += piece;
    if (text === 0 && /"content":"[^"]/.test(all)) text = performance.now() - start;
  }
  return [frame, text];
}

/** The same in turns, so that what else the machine does weighs on all alike. @returns medians, one for each way. */
async function inTurns(rounds: number, ways: readonly Way[], one: (way: Way) => Promise<number>): Promise<number[]> {
  const all: number[][] = ways.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, way] of ways.entries()) all[index]?.push(await one(way));
  }
  return all.map(median);
}

interface Rig {
  readonly lab: Lab;
  readonly door: Way;
  readonly direct: Way;
  readonly close: () => Promise<void>;
}

async function rigUp(toolbox: Toolbox, progress: Progress, directory: string): Promise<Rig> {
  const environment = unhindered(readEnvironment("on-prem"));
  const lab = await Lab.start({
    environment,
    directory,
    toolbox,
    progress,
    pacing: { firstToken: 20, eachToken: 5 },
  });
  const application = environment.platform.door.clients[0]?.name ?? "";
  const token = await lab.token(application, "ada@example.com");
  const { chain, privateKey } = lab.client(application);
  const caller = lab.substrate.certificate("caller");
  const outside = new Agent({
    connections: 256,
    connect: { ca: lab.authority, cert: chain, key: privateKey, servername: environment.platform.door.host },
  });
  const inside = new Agent({
    connections: 256,
    connect: { ca: lab.authority, cert: caller.chain, key: caller.privateKey, servername: "qwen3-8b.serving.svc" },
  });
  const post =
    (port: number, dispatcher: Agent, headers: Record<string, string>): Way =>
    (body) =>
      request(`https://127.0.0.1:${port}/v1/chat/completions`, {
        method: "POST",
        dispatcher,
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
  const at = lab.processesOf("vllm")[0]?.ports[8000] ?? 0;
  return {
    lab,
    door: post(lab.doors[0] ?? 0, outside, { authorization: `Bearer ${token}`, host: environment.platform.door.host }),
    direct: post(at, inside, {}),
    close: async () => {
      await Promise.all([outside.destroy(), inside.destroy()]);
      await lab.stop();
    },
  };
}

/** Streams at once; each has to be whole and in order. @returns how many were not. */
async function streamsLost(door: Way, width: number): Promise<number> {
  const words = Array.from({ length: 60 }, (_, index) => `w${index}`).join(" ");
  const ends = await Promise.all(
    Array.from({ length: width }, async () => {
      const answer = await door(say(words, { stream: true }));
      const frames = (await answer.body.text()).split("\n\n").filter((line) => line.startsWith("data: {"));
      const text = frames
        .map((line) => JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[] })
        .map(({ choices }) => choices[0]?.delta.content ?? "")
        .join("");
      return text === words;
    }).map((one) => one.catch(() => false)),
  );
  return ends.filter((whole) => !whole).length;
}

/** Records that one replica acknowledges in a second, so many waiting at once. */
async function appendsPerSecond(lab: Lab, width: number, seconds: number): Promise<number> {
  const guard = lab.substrate.certificate("guard");
  const port = lab.processesOf("ledger")[0]?.ports[8447] ?? 0;
  const connect = { ca: lab.authority, cert: guard.chain, key: guard.privateKey, servername: "ledger.audit.svc" };
  const pool = new Pool(`https://127.0.0.1:${port}`, { connections: width, connect });
  const body = { application: "bench", method: "POST", path: "/v1/chat/completions", model };
  let count = 0;
  const end = performance.now() + seconds * 1000;
  const writer = async (number: number): Promise<void> => {
    for (let index = 0; performance.now() < end; index += 1) {
      const entry = { key: `bench-${number}-${index}/asked`, kind: "request.asked", person: "bench", body };
      const answer = await pool.request({ method: "POST", path: "/v1/records", body: JSON.stringify(entry) });
      await answer.body.text();
      if (answer.statusCode === 200) count += 1;
    }
  };
  await Promise.all(Array.from({ length: width }, (_, number) => writer(number)));
  await pool.destroy();
  return count / seconds;
}

/** Milliseconds in which the rules read four kilobytes of prose and code. */
function scanMilliseconds(): number {
  const scanner = new Scanner(guardPolicy.parse({ apiVersion: "cloister.dev/guard-policy/v1" }));
  const prose = "The quarterly report lists 42 items, of which 7 were late. Please see the table below. ";
  const code = "const total = items.reduce((sum, item) => sum + item.price * item.count, 0);\n";
  const text = (prose + code).repeat(30).slice(0, 4096);
  const times = Array.from({ length: 400 }, () => {
    const start = performance.now();
    scanner.scan(text, "prompt");
    return performance.now() - start;
  });
  return median(times.slice(100));
}

/** The same model server behind a LiteLLM proxy, in clear and without a database: what it adds at its lightest. */
async function liteLlm(
  program: string,
  directory: string,
): Promise<{ way: Way; direct: Way; close: () => Promise<void> }> {
  const server = await ModelServer.start({ model, firstToken: 20, eachToken: 5 });
  const api_base = `http://127.0.0.1:${server.port}/v1`;
  const params = { model: `openai/${model}`, api_base, api_key: "none" };
  const config = join(directory, "litellm.yaml");
  writeFileSync(config, stringify({ model_list: [{ model_name: model, litellm_params: params }] }));
  const port = server.port + 1;
  const key = `sk-${randomBytes(16).toString("hex")}`;
  const child = spawn(
    program,
    ["--config", config, "--host", "127.0.0.1", "--port", String(port), "--num_workers", "1"],
    {
      stdio: "ignore",
      env: {
        ...process.env,
        LITELLM_LOCAL_MODEL_COST_MAP: "True",
        LITELLM_TELEMETRY: "False",
        LITELLM_MASTER_KEY: key,
      },
    },
  );
  const agent = new Agent({ connections: 8 });
  const post =
    (to: number): Way =>
    (body) =>
      request(`http://127.0.0.1:${to}/v1/chat/completions`, {
        method: "POST",
        dispatcher: agent,
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
  for (let tries = 0; ; tries += 1) {
    const up = await post(port)(say("ok")).then(
      async (answer) => (await answer.body.text(), answer.statusCode),
      () => 0,
    );
    if (up === 200) break;
    if (tries > 240) throw new Error(`LiteLLM did not answer: ${up}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const close = async (): Promise<void> => {
    child.kill("SIGTERM");
    await agent.destroy();
    await server.stop();
  };
  return { way: post(port), direct: post(server.port), close };
}

/**
 * What the door costs: mutual TLS, token, rights, guard and ledger, against the model server alone.
 *
 * @param litellm path of the `litellm` program, where one is to be compared with.
 */
export async function measureDoor(toolbox: Toolbox, progress: Progress, litellm?: string): Promise<Measurement[]> {
  const directory = mkdtempSync(join(tmpdir(), "bench-door-"));
  const rig = await rigUp(toolbox, progress, directory);
  try {
    const { door, direct, lab } = rig;
    for (const way of [door, direct]) for (let warm = 0; warm < 30; warm += 1) await whole(way);
    const [through = 0, alone = 0] = await inTurns(200, [door, direct], whole);
    const [frameThrough = 0, frameAlone = 0] = await inTurns(60, [door, direct], async (way) => (await firsts(way))[0]);
    const [textThrough = 0, textAlone = 0] = await inTurns(60, [door, direct], async (way) => (await firsts(way))[1]);
    const added = through - alone;
    const results = [
      measured("door adds, p50", added, "ms", 3),
      measured("first frame of a stream is later by", frameThrough - frameAlone, "ms", 5),
      measured("first text of a stream is later by", textThrough - textAlone, "ms", 10),
      measured("streams lost of 200 at once", await streamsLost(door, 200), "count", 0),
      measured("rules read 4 KB in", scanMilliseconds(), "ms", 0.5),
      measured("ledger acknowledges, synced", await appendsPerSecond(lab, 64, 5), "per second", 500, true),
    ];
    if (litellm === undefined) return results;
    const other = await liteLlm(litellm, directory);
    for (let warm = 0; warm < 30; warm += 1) await whole(other.way);
    const [litellmThrough = 0, litellmAlone = 0] = await inTurns(100, [other.way, other.direct], whole);
    await other.close();
    const theirs = litellmThrough - litellmAlone;
    return [
      ...results,
      measured("LiteLLM adds, p50", theirs, "ms", Number.POSITIVE_INFINITY),
      measured("door against LiteLLM", added / theirs, "ratio", 0.333),
    ];
  } finally {
    await rig.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
