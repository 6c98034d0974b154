import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { text } from "node:stream/consumers";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logIn } from "../../../rehearsal/identity-provider/log-in";
import { Circles, type Shown } from "../../components/platform/gateway/circles";

const repository = resolve(__dirname, "../../..");
const program = join(repository, "rehearsal/identity-provider/main.ts");

describe("the lab's identity provider as a program", () => {
  let folder: string;
  let circles: Circles;
  let application: Shown;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "identity-provider-"));
    circles = await Circles.make();
    application = await circles.issue("clients", ["support-desk"]);
    const own = await circles.issue("services", ["login.example.internal"]);
    writeFileSync(join(folder, "own.crt"), own.chain);
    writeFileSync(join(folder, "own.key"), own.key);
    writeFileSync(join(folder, "clients.crt"), circles.trust("clients"));
  });
  afterEach(async () => {
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    child = undefined;
    rmSync(folder, { recursive: true });
  });

  const start = (more: Record<string, unknown> = {}): ChildProcess => {
    const config = join(folder, "provider.json");
    const tls = { certificateFile: "own.crt", keyFile: "own.key", authorityFile: "clients.crt" };
    const people = [{ name: "ada@example.com", groups: ["llm-users"], secondFactor: true }];
    const rest = { audience: "cloister", people, applications: ["support-desk"], jwksFile: "keys/jwks.json" };
    writeFileSync(config, JSON.stringify({ tls, ...rest, ...more }));
    const loader = join(repository, "load-typescript.cjs");
    child = spawn(process.execPath, ["--require", loader, program, "--config", config], {
      cwd: repository,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return child;
  };
  const line = async (lines: Interface): Promise<string> => ((await once(lines, "line")) as [string])[0];
  const written = (): JSONWebKeySet =>
    JSON.parse(readFileSync(join(folder, "keys/jwks.json"), "utf8")) as JSONWebKeySet;

  it("serves, writes its keys at start and when they change, and ends when it is told", async () => {
    const running = start();
    if (running.stdout === null) throw new Error("its output is not read");
    const lines = createInterface(running.stdout);
    const said = await line(lines);
    expect(said).toMatch(
      /^A stand-in for the company's identity provider listens on https:\/\/127\.0\.0\.1:\d+: people log in by name alone\.$/,
    );
    const issuer = /https:[^ ]*\d/.exec(said)?.[0] ?? "";
    const ask = (): Promise<string> =>
      logIn({
        issuer,
        authority: circles.trust("services"),
        application: { name: "support-desk", ...application },
        person: "ada@example.com",
      });
    const verified = (token: string) =>
      jwtVerify(token, createLocalJWKSet(written()), { issuer, audience: "cloister" });

    const before = await ask();
    expect((await verified(before)).payload.sub).toBe("ada@example.com");
    const [first] = written().keys;
    expect(first).not.toHaveProperty("d");
    expect(statSync(join(folder, "keys/jwks.json")).mode & 0o777).toBe(0o600);

    const rotated = line(lines);
    running.kill("SIGHUP");
    expect(await rotated).toBe("Rotated: 2 public keys are written.");
    expect(written().keys[1]).toEqual(first);
    expect((await verified(await ask())).protectedHeader.kid).toBe(written().keys[0]?.kid);
    expect((await verified(before)).payload.sub).toBe("ada@example.com");

    const retired = line(lines);
    running.kill("SIGUSR2");
    expect(await retired).toBe("Retired: 1 public keys are written.");
    await expect(verified(before)).rejects.toThrow("no applicable key");
    expect(readdirSync(join(folder, "keys"))).toEqual(["jwks.json"]);

    running.kill("SIGTERM");
    expect(await once(running, "exit")).toEqual([0, null]);
  });

  it("ends at once where its configuration has what it does not know", async () => {
    const running = start({ passwords: true });
    if (running.stderr === null) throw new Error("its errors are not read");
    const [said, ended] = await Promise.all([text(running.stderr), once(running, "exit")]);
    expect(said).toContain("passwords");
    expect(ended).toEqual([2, null]);
  });
});
