import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the fake is to say; by default all is well. */
export interface Behaviour {
  /** `docker` or `podman`. @default docker */
  readonly name?: string;
  /** The daemon does not answer. */
  readonly dead?: boolean;
  /** There is no `compose`. */
  readonly withoutCompose?: boolean;
  readonly rootless?: boolean;
  /** Images that can neither be found nor pulled contain this. */
  readonly absent?: string;
  /** The service that never becomes healthy. */
  readonly unhealthy?: string;
  /** A real `docker compose` by its path: it reads the file where `compose config` is asked for. */
  readonly reader?: string;
}

/** A stand-in for a container engine's client, on a PATH of its own: it records what it is asked, and starts nothing. */
export interface FakeEngine {
  readonly environment: NodeJS.ProcessEnv;
  /** Arguments of each call, joined by spaces, in their order. */
  readonly calls: () => string[];
}

const program = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const is = JSON.parse(readFileSync(join(__dirname, "behaviour.json"), "utf8"));
const args = process.argv.slice(2);
appendFileSync(join(__dirname, "calls"), args.join(" ") + "\\n");
const say = (text) => { console.log(text); process.exit(0); };
const fail = (text) => { console.error(text); process.exit(1); };
const all = args.join(" ");
if (is.dead && !all.startsWith("compose")) fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");
if (all.startsWith("version")) say("29.0.0");
if (all.includes("Version.Version")) say("5.6.0");
if (all.includes("Security.Rootless")) say(String(is.rootless === true));
if (all.startsWith("info")) say(is.rootless ? '["name=seccomp","name=rootless"]' : '["name=seccomp"]');
if (is.withoutCompose && args[0] === "compose") fail("docker: unknown command: docker compose");
if (all === "compose version --short") say("5.5.1");
if (args[0] === "image" || args[0] === "pull") {
  if (is.absent && all.includes(is.absent)) fail("Error response from daemon: manifest unknown");
  say("sha256:0");
}
if (args.includes("config") && is.reader) process.exit(spawnSync(is.reader, args.slice(1), { stdio: "inherit" }).status);
if (args.includes("ps")) say(JSON.stringify({ Service: is.unhealthy ?? "none", State: "running", Health: is.unhealthy ? "unhealthy" : "", ExitCode: 0 }));
if (args.includes("up") && is.unhealthy) fail("container " + is.unhealthy + " is unhealthy");
if (args.includes("logs")) say("the last thing that it said");
`;

export function fakeEngine(behaviour: Behaviour): FakeEngine {
  const folder = mkdtempSync(join(tmpdir(), "fake-docker-"));
  writeFileSync(join(folder, behaviour.name ?? "docker"), program, { mode: 0o755 });
  writeFileSync(join(folder, "package.json"), '{"type":"commonjs"}');
  writeFileSync(join(folder, "behaviour.json"), JSON.stringify(behaviour));
  writeFileSync(join(folder, "calls"), "");
  return {
    environment: { PATH: folder, HOME: folder },
    calls: () => readFileSync(join(folder, "calls"), "utf8").split("\n").filter(Boolean),
  };
}
