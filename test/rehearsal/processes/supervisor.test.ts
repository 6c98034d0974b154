import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePorts } from "../../../rehearsal/processes/free-ports";
import { gone, identify } from "../../../rehearsal/processes/process-identity";
import { RehearsalBusyError, readProcessTable } from "../../../rehearsal/processes/process-table";
import { ServerError, Supervisor, runningRehearsal, stopRehearsal } from "../../../rehearsal/processes/supervisor";
import { failing, httpServer } from "./servers";

let directory: string;
const commandLines: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cloister-processes-"));
});

afterEach(async () => {
  for (const child of commandLines.splice(0)) {
    const identity = child.exitCode === null ? identify(child.pid!) : undefined;
    child.kill("SIGKILL");
    if (identity !== undefined) await gone(identity, 5);
  }
  await stopRehearsal(directory);
  rmSync(directory, { recursive: true });
});

/** Runs `command-line.ts` and resolves with what it printed once its server was ready. */
async function commandLine(mode: "wait" | "keep" | "keep-a-second") {
  const args = ["--import", "tsx", join(__dirname, "command-line.ts"), directory, mode];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  commandLines.push(child);
  const output = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text);
    });
    child.on("exit", () => reject(new Error("The command line ended without an answer.")));
  });
  const { pid, supervisor, reaped } = JSON.parse(output) as { pid: number; supervisor: number; reaped: string[] };
  return { child, server: identify(pid)!, supervisor: identify(supervisor)!, reaped };
}

describe("Supervisor", () => {
  it("starts servers, records them and ends them in reverse order", async () => {
    const supervisor = await Supervisor.start(directory);
    const ports = await freePorts(directory, ["first", "second"]);
    const order = join(directory, "order");
    const onTerm = (name: string) =>
      `process.on("SIGTERM", () => { require("node:fs").appendFileSync(${JSON.stringify(order)}, "${name} "); process.exit(0) })`;
    const first = await supervisor.startServer(httpServer("first", ports.first, onTerm("first")));
    const second = await supervisor.startServer(httpServer("second", ports.second, onTerm("second")));
    const recorded = readProcessTable(directory)?.processes.map(({ name, pid, port }) => ({ name, pid, port }));
    expect(recorded).toEqual([
      { name: "first", pid: first.pid, port: ports.first },
      { name: "second", pid: second.pid, port: ports.second },
    ]);
    await supervisor.stop();
    expect(readFileSync(order, "utf8")).toBe("second first ");
    expect(runningRehearsal(directory)).toBeUndefined();
    expect(readProcessTable(directory)?.ended?.reason).toBe("It was told to stop.");
  });

  it("gives SIGKILL to a server that ignores SIGTERM", async () => {
    const supervisor = await Supervisor.start(directory);
    const { deaf } = await freePorts(directory, ["deaf"]);
    const server = httpServer("deaf", deaf, 'process.on("SIGTERM", () => undefined)');
    const { pid } = await supervisor.startServer({ ...server, graceSeconds: 0.2 });
    const identity = identify(pid)!;
    await supervisor.stop();
    expect(await gone(identity, 0)).toBe(true);
  });

  it("hands itself and a server no ambient variable beyond the few they need", async () => {
    process.env.CLOISTER_TEST_SECRET = "planted";
    const supervisor = await Supervisor.start(directory);
    const { plain } = await freePorts(directory, ["plain"]);
    const { log } = await supervisor.startServer(
      httpServer("plain", plain, "console.log(Object.keys(process.env).sort().join())"),
    );
    delete process.env.CLOISTER_TEST_SECRET;
    if (process.platform === "linux") {
      const own = readFileSync(`/proc/${readProcessTable(directory)!.supervisor.pid}/environ`, "utf8");
      expect(own).toContain("PATH=");
      expect(own).not.toContain("CLOISTER_TEST_SECRET");
    }
    await supervisor.stop();
    const names = readFileSync(log, "utf8").split("\n")[0]!.split(",");
    expect(names.filter((name) => !["HOME", "PATH", "TMPDIR"].includes(name))).toEqual([]);
  });

  it("says why a server did not become ready, with the end of its log", async () => {
    const supervisor = await Supervisor.start(directory);
    const error = await supervisor.startServer(failing("broken", "no such flag: --x", 3)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServerError);
    expect((error as Error).message).toContain("broken ended by itself with exit code 3");
    expect((error as Error).message).toContain("no such flag: --x");
    const missing = { ...failing("missing", "", 0), command: join(directory, "absent") };
    await expect(supervisor.startServer(missing)).rejects.toThrow(/missing cannot be started.*ENOENT/);
    const { slow } = await freePorts(directory, ["slow"]);
    const never = { ...httpServer("slow", slow), ready: { port: 1 }, readyWithinSeconds: 0.5 };
    await expect(supervisor.startServer(never)).rejects.toThrow(/slow was not ready within 0.5 seconds[^]*listening/);
    await supervisor.stop();
  });

  it("reports an essential server that dies, and ends the others", async () => {
    const supervisor = await Supervisor.start(directory);
    const ports = await freePorts(directory, ["victim", "other"]);
    const other = await supervisor.startServer(httpServer("other", ports.other));
    const victim = await supervisor.startServer(httpServer("victim", ports.victim));
    const failed = new Promise((resolve) => supervisor.failure.addEventListener("abort", resolve));
    const remaining = identify(other.pid)!;
    process.kill(victim.pid, "SIGKILL");
    await failed;
    expect(supervisor.failure.reason).toMatchObject({
      message: expect.stringMatching(/victim was ended by SIGKILL[^]*listening/) as string,
    });
    expect(await gone(remaining, 10)).toBe(true);
    await expect(supervisor.startServer(failing("late", "", 0))).rejects.toThrow(/victim/);
    await supervisor.stop();
    expect(readProcessTable(directory)?.ended?.reason).toMatch(/^victim was ended by SIGKILL/);
  });

  it("ends its servers when the command line is killed", async () => {
    const { child, server, supervisor } = await commandLine("wait");
    child.kill("SIGKILL");
    expect(await gone(server, 10)).toBe(true);
    expect(await gone(supervisor, 10)).toBe(true);
    expect(readProcessTable(directory)?.ended?.reason).toBe("The command that started it went away.");
  });

  it("is reaped by the next run after it was killed itself", async () => {
    const { child, server, supervisor } = await commandLine("wait");
    process.kill(supervisor.pid, "SIGKILL");
    child.kill("SIGKILL");
    expect(await gone(supervisor, 5)).toBe(true);
    expect(await gone(server, 0)).toBe(false);
    const next = await commandLine("wait");
    expect(next.reaped).toEqual(["echo"]);
    expect(await gone(server, 0)).toBe(true);
  });

  it("refuses a second command while the first is at work", async () => {
    await commandLine("wait");
    await expect(Supervisor.start(directory)).rejects.toThrow(RehearsalBusyError);
  });

  it("lets one of two commands that start at once have the directory", async () => {
    const outcomes = await Promise.allSettled([commandLine("wait"), commandLine("wait")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("ends when a server of a kept rehearsal dies", async () => {
    const { child, server, supervisor } = await commandLine("keep");
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    process.kill(server.pid, "SIGKILL");
    expect(await gone(supervisor, 10)).toBe(true);
    expect(readProcessTable(directory)?.ended?.reason).toMatch(/^echo was ended by SIGKILL/);
  });

  it("outlives the command line when kept, until it is stopped", async () => {
    const { child, server } = await commandLine("keep");
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
    expect(runningRehearsal(directory)).toMatchObject({ keep: true, stopsAt: expect.any(String) as string });
    expect(await gone(server, 0)).toBe(false);
    expect(await stopRehearsal(directory)).toEqual(["echo"]);
    expect(await gone(server, 0)).toBe(true);
  });

  it("stops by itself when the time of a kept rehearsal ends", async () => {
    const { server, supervisor } = await commandLine("keep-a-second");
    expect(await gone(supervisor, 20)).toBe(true);
    expect(await gone(server, 0)).toBe(true);
    expect(readProcessTable(directory)?.ended?.reason).toContain("time to live");
    expect(existsSync(join(directory, "logs", "echo.log"))).toBe(true);
  });
});
