import { describe, expect, it } from "vitest";
import { engineEnvironment, findEngine } from "../../../../scripts/lab/containers/engine";
import { fakeEngine } from "./fake-docker";

describe("a container engine", () => {
  it("is found where it answers and has compose", () => {
    const { environment, calls } = fakeEngine({});
    expect(findEngine(environment)).toEqual({
      engine: {
        name: "docker",
        path: `${environment["PATH"]}/docker`,
        version: "29.0.0",
        composeVersion: "5.5.1",
        rootless: false,
      },
      problems: [],
    });
    expect(calls()[0]).toBe("version --format {{.Server.Version}}");
  });

  it("may be Podman, of a person's own", () => {
    const { environment } = fakeEngine({ name: "podman", rootless: true });
    expect(findEngine(environment).engine).toMatchObject({ name: "podman", version: "5.6.0", rootless: true });
  });

  it.each([
    [
      "its daemon does not run",
      { dead: true },
      /docker is here.*does not answer: Cannot connect to the Docker daemon/,
      /systemctl start docker/,
    ],
    [
      "compose is missing",
      { withoutCompose: true },
      /docker 29.0.0 is here without `docker compose`/,
      /docker-compose-plugin/,
    ],
  ])("is told of where %s", (_title, behaviour, found, mend) => {
    const { engine, problems } = findEngine(fakeEngine(behaviour).environment);
    expect(engine).toBeUndefined();
    expect(problems).toEqual([
      { name: "docker", found: expect.stringMatching(found) as string, mend: expect.stringMatching(mend) as string },
    ]);
  });

  it("that cannot be used stands in no other's way", () => {
    const docker = fakeEngine({ dead: true }).environment["PATH"];
    const podman = fakeEngine({ name: "podman" }).environment["PATH"];
    const { engine, problems } = findEngine({ PATH: `${docker}:${podman}` });
    expect([engine?.name, problems.map(({ name }) => name)]).toEqual(["podman", ["docker"]]);
  });

  it("is nothing where none is there", () => {
    expect(findEngine({ PATH: "/nowhere" })).toEqual({ problems: [] });
  });

  it("sees where the engine is, and none of a person's credentials", () => {
    const ambient = { PATH: "/bin", DOCKER_HOST: "unix:///x", AWS_SECRET_ACCESS_KEY: "a", CLOISTER_EVIDENCE_KEY: "b" };
    expect(engineEnvironment(ambient)).toEqual({ PATH: "/bin", DOCKER_HOST: "unix:///x" });
  });
});
