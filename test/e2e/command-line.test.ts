import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cacheDirectory } from "../../rehearsal/setup/tool-cache";
import { rehearsalTools } from "./rehearsed";

const minutes = 60_000;
const repository = resolve(__dirname, "../..");

describe("the command line", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "cloister-command-")));
  const asked: string[] = [];
  let trap: Server;

  beforeAll(async () => {
    await rehearsalTools();
    trap = createServer((socket) => {
      asked.push(`${socket.remoteAddress}`);
      socket.destroy();
    });
    await new Promise<void>((listening) => trap.listen(0, "127.0.0.1", listening));
  }, 30 * minutes);

  afterAll(async () => {
    await new Promise((closed) => trap.close(closed));
    rmSync(root, { recursive: true, force: true });
  });

  function cloister(args: readonly string[], environment: NodeJS.ProcessEnv = process.env) {
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/cloister.ts", ...args], {
      cwd: repository,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    const ended = new Promise<{ code: number | null; out: string; errors: string }>((resolved) =>
      child.on("close", (code) =>
        resolved({ code, out: Buffer.concat(out).toString(), errors: Buffer.concat(errors).toString() }),
      ),
    );
    return { child, ended, said: () => Buffer.concat(errors).toString() };
  }

  test("tells all mistakes of an environment before it starts anything", async () => {
    const folder = join(root, "stacks");
    mkdirSync(folder);
    const good = readFileSync(join(repository, "stacks", "on-prem.yaml"), "utf8");
    writeFileSync(
      join(folder, "on-prem.yaml"),
      good.replace("NL", "nl").replace("pool: l40s, replicas", "pool: b200, replicas"),
    );
    const state = join(root, "untouched");
    const { code, out, errors } = await cloister(["rehearse", "on-prem", "--folder", folder, "--state", state]).ended;
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(errors).toContain("2 mistakes, nothing was changed");
    expect(errors).toContain("footprint.country");
    expect(errors).toContain("platform.models[0].pool");
    expect(errors).not.toContain(" at ");
    expect(existsSync(state)).toBe(false);
  });

  test("refuses flags that contradict each other, names that are paths, and folders that are not there", async () => {
    const contradicting = await cloister(["rehearse", "on-prem", "--destroy", "--preview"]).ended;
    expect(contradicting).toMatchObject({ code: 1, out: "" });
    expect(contradicting.errors).toContain("cannot be used with option '--preview'");
    const outside = await cloister(["rehearse", "../stacks/on-prem"]).ended;
    expect(outside.errors).toContain("There is no such environment");
    const nowhere = await cloister(["rehearse", "on-prem", "--folder", join(root, "nowhere")]).ended;
    expect(nowhere.errors).toContain("There is no such folder of environments");
    expect([outside.code, nowhere.code]).toEqual([1, 1]);
  });

  test("deletes no folder that is not a rehearsal's", async () => {
    const state = join(root, "somebody's");
    mkdirSync(join(state, "colocation"), { recursive: true });
    writeFileSync(join(state, "colocation", "thesis.txt"), "precious");
    const { code, errors } = await cloister(["rehearse", "colocation", "--fresh", "--state", state]).ended;
    expect(code).toBe(1);
    expect(errors).toContain("The folder is not a rehearsal's");
    expect(readFileSync(join(state, "colocation", "thesis.txt"), "utf8")).toBe("precious");
  });

  test("names the environments there are when asked for another", async () => {
    const { code, errors } = await cloister(["rehearse", "nowhere"]).ended;
    expect(code).toBe(1);
    expect(errors).toContain("colocation, on-prem, private-cloud");
  });

  test(
    "reaches no account, cluster or backend of the person's",
    async () => {
      const port = (trap.address() as { port: number }).port;
      const home = join(root, "person");
      const traps = {
        ".aws/credentials": "[default]\naws_access_key_id = AKIATRAP\naws_secret_access_key = trap\n",
        ".aws/config": `[default]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:${port}\n`,
        ".kube/config": JSON.stringify({
          "current-context": "cloister-colocation",
          clusters: [{ name: "trap", cluster: { server: `http://127.0.0.1:${port}` } }],
          contexts: [{ name: "cloister-colocation", context: { cluster: "trap", user: "trap" } }],
          users: [{ name: "trap", user: { token: "trap" } }],
        }),
        ".pulumi/credentials.json": JSON.stringify({ current: `http://127.0.0.1:${port}` }),
      };
      for (const [path, text] of Object.entries(traps)) {
        mkdirSync(join(home, path, ".."), { recursive: true });
        writeFileSync(join(home, path), text);
      }
      const environment: NodeJS.ProcessEnv = {
        ...process.env,
        HOME: home,
        CLOISTER_CACHE: cacheDirectory(process.env),
        AWS_ACCESS_KEY_ID: "AKIATRAP",
        AWS_SECRET_ACCESS_KEY: "trap",
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        KUBECONFIG: join(home, ".kube/config"),
        PULUMI_ACCESS_TOKEN: "trap",
        PULUMI_BACKEND_URL: `http://127.0.0.1:${port}`,
        PULUMI_CONFIG_PASSPHRASE: "trap",
        HTTPS_PROXY: `http://127.0.0.1:${port}`,
        HTTP_PROXY: `http://127.0.0.1:${port}`,
      };
      const args = ["rehearse", "colocation", "--preview", "--state", join(root, "isolated"), "--json"];
      const { code, out, errors } = await cloister(args, environment).ended;
      expect(errors).toContain("previewing colocation-platform");
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ stack: "colocation", outcome: "planned" });
      expect(asked).toEqual([]);
      for (const [path, text] of Object.entries(traps)) expect(readFileSync(join(home, path), "utf8")).toBe(text);
    },
    5 * minutes,
  );
});
