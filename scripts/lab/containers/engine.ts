import { spawnSync } from "node:child_process";
import { findExecutable } from "../../../rehearsal/setup/executables";

export const engineNames = ["docker", "podman"] as const;
export type EngineName = (typeof engineNames)[number];

/** A container engine that answers and has `compose`. */
export interface Engine {
  readonly name: EngineName;
  /** Absolute path of its client. */
  readonly path: string;
  /** Of the engine itself, as it says. */
  readonly version: string;
  /** Of its `compose`. */
  readonly composeVersion: string;
  /** In an engine of a person's own, root of a container is that person. */
  readonly rootless: boolean;
}

/** An engine that is here and cannot be used. */
export interface EngineProblem {
  readonly name: EngineName;
  /** Such as "its daemon does not answer: …". */
  readonly found: string;
  readonly mend: string;
}

export interface EngineSearch {
  readonly engine?: Engine;
  /** Engines before it that are here and cannot be used. */
  readonly problems: readonly EngineProblem[];
}

/** Two of a person's variables say where the engine is; nothing else is handed down. */
const handedDown =
  /^(PATH|HOME|TMPDIR|USER|LANG|XDG_RUNTIME_DIR|SSH_AUTH_SOCK|DOCKER_\w+|CONTAINER_\w+|CONTAINERS_\w+|COMPOSE_BAKE)$/;

/** What an engine's client sees of the person's environment: where the engine is, and no variable that a file could name. */
export const engineEnvironment = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => handedDown.test(name)));

/** The first engine that answers and has `compose`: Docker before Podman. */
export function findEngine(environment: NodeJS.ProcessEnv = process.env): EngineSearch {
  const problems: EngineProblem[] = [];
  for (const name of engineNames) {
    const path = findExecutable(name, environment);
    if (path === undefined) continue;
    const found = probe(name, path, environment);
    if ("path" in found) return { engine: found, problems };
    problems.push(found);
  }
  return { problems };
}

function probe(name: EngineName, path: string, environment: NodeJS.ProcessEnv): Engine | EngineProblem {
  const ask = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync(path, args, {
      env: engineEnvironment(environment),
      encoding: "utf8",
      timeout: 20_000,
    });
    const said = (error?.message ?? stderr).trim().split("\n").at(-1) ?? "";
    return { ok: status === 0, text: stdout?.trim() ?? "", said };
  };
  const version =
    name === "docker"
      ? ask("version", "--format", "{{.Server.Version}}")
      : ask("info", "--format", "{{.Version.Version}}");
  if (!version.ok || version.text === "") {
    return {
      name,
      found: `${name} is here, and its engine does not answer: ${version.said}`,
      mend:
        name === "docker"
          ? "start it (`systemctl start docker`, or Docker Desktop), or set DOCKER_HOST or `docker context use` to where it is"
          : "see what `podman info` says",
    };
  }
  const compose = ask("compose", "version", "--short");
  if (!compose.ok) {
    return {
      name,
      found: `${name} ${version.text} is here without \`${name} compose\`: ${compose.said}`,
      mend:
        name === "docker"
          ? "install the plugin: docs.docker.com/compose/install, or your package manager's docker-compose-plugin"
          : "install Docker Compose, which `podman compose` runs",
    };
  }
  const security =
    name === "docker"
      ? ask("info", "--format", "{{json .SecurityOptions}}").text.includes("name=rootless")
      : ask("info", "--format", "{{.Host.Security.Rootless}}").text === "true";
  return {
    name,
    path,
    version: version.text,
    composeVersion: compose.text.split("\n").at(-1) ?? "",
    rootless: security,
  };
}
