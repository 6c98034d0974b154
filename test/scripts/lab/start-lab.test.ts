import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { portsOf } from "../../../scripts/lab/lab-ports";
import { requireRoom, whyProcesses } from "../../../scripts/lab/start-lab";
import { readEnvironment } from "../../../stacks/environment";
import { close, doorPort, listen } from "./door-port";

const environment = readEnvironment("on-prem");
const docker = {
  name: "docker",
  path: "/docker",
  version: "29.0.0",
  composeVersion: "5.5.1",
  rootless: false,
} as const;

it("says why services are no containers: nothing is locked, the engine does not answer, or there is none", () => {
  expect(whyProcesses(environment, { engine: docker, problems: [] })).toMatch(
    /plain processes: docker answers, and no images are locked yet\. `npm run cloister -- images mirror on-prem`/,
  );
  const dead = {
    name: "docker",
    found: "docker is here, and its engine does not answer: no?",
    mend: "start it",
  } as const;
  expect(whyProcesses(environment, { problems: [dead] })).toBe(
    "The services run as plain processes: docker is here, and its engine does not answer: no.\nFor containers, start it.",
  );
  expect(whyProcesses(environment, { problems: [] })).toMatch(/there is no container engine here/);
});

it("starts no lab on a full disk", () => {
  expect(() => requireRoom("/somewhere", 0.02)).toThrow(/found: {3}0\.02 GB free/);
  expect(requireRoom("/somewhere", 1)).toBeUndefined();
});

it("gives the door's pods the ports that were asked for, and tells of one that is taken", async () => {
  const directory = mkdtempSync(join(tmpdir(), "lab-ports-"));
  const port = await doorPort();
  const server = await listen(port);
  const names = ["gateway/envoy-0:8443", "gateway/envoy-1:8443", "gateway/envoy-0:9902"];
  await expect(portsOf(directory, names, port)).rejects.toThrow(`${port}, which another program has`);
  if (server !== undefined) await close(server);
  const { ["gateway/envoy-0:9902"]: metrics, ...doors } = await portsOf(directory, names, port);
  expect(doors).toEqual({ "gateway/envoy-0:8443": port, "gateway/envoy-1:8443": port + 1 });
  expect([port, port + 1]).not.toContain(metrics);
  rmSync(directory, { recursive: true });
});
