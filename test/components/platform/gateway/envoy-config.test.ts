import { rmSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { envoyConfig, type EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { environmentNames, readEnvironment } from "../../../../stacks/environment";
import { tools } from "../../../rehearsal/tools";
import { Circles } from "./circles";
import { routerConfig } from "../../../../components/platform/gateway/envoy-router";
import { doorArgs, someKey } from "./door-args";
import { doorLayOut, nowhere, takenBack } from "./door-lay-out";
import { layOut } from "./lay-out";
import { validate } from "./running-envoy";
import { routerLayOut, routerNowhere } from "./router-lay-out";

it("makes no listener that admits every certificate of a circle", async () => {
  const args = doorArgs([await someKey()], { clients: [] });
  expect(() => envoyConfig(args)).toThrow("without names admits all of them");
});

describe("the door, as the real Envoy reads it", async () => {
  const toolbox = await tools("envoy");
  const envoy = toolbox.find("envoy") ?? "";

  it.runIf(envoy === "")("is not exercised: Envoy is not available on this machine", () => {
    console.warn(`The door was not exercised: ${toolbox.unavailable.get("envoy") ?? "Envoy is not there"}.`);
  });

  describe.runIf(envoy !== "")("its configuration", () => {
    let circles: Circles;
    beforeAll(async () => {
      circles = await Circles.make();
    });

    const examples = environmentNames().map((name): [string, EnvoyConfigArgs] => {
      const { door, models, people } = readEnvironment(name).platform;
      const access = people.groups.map((group) => ({ group: group.name, models: group.models }));
      return [name, { ...door, clients: door.clients.map((client) => client.name), models, identity: people, access }];
    });

    const taken = async (directory: string): Promise<void> => {
      const said = await validate(envoy, directory);
      rmSync(directory, { recursive: true });
      expect(said).toContain("OK");
      expect(said).not.toMatch(/deprecated|\[warning\]/i);
    };

    it.each(examples)("of %s's door is one that Envoy takes, with nothing deprecated", async (_name, each) =>
      taken(await layOut(doorLayOut(each, nowhere), circles)),
    );

    it.each(examples)("of %s's router is one that Envoy takes, with nothing deprecated", async (_name, each) =>
      taken(await layOut(routerLayOut(routerConfig(each), routerNowhere(each.models)), circles)),
    );

    it("of a door with limits, traces and a list of revoked certificates is one that Envoy takes", async () => {
      const allowance = { requestsPerMinute: 30, tokensPerHour: 100_000 };
      const limits = { person: allowance, groups: [{ group: "llm-users", ...allowance }] };
      const args = doorArgs([await someKey()], { revocation: true, limits, traces: {} });
      const list = await circles.revoke("clients", []);
      await taken(await layOut(doorLayOut(args, nowhere, takenBack(list)), circles));
    });

    it("is refused with a value that Envoy cannot read, so validating means something", async () => {
      const args = doorArgs([await someKey()], { requestTimeoutSeconds: Number.NaN });
      const directory = await layOut(doorLayOut(args, nowhere), circles);
      await expect(validate(envoy, directory)).rejects.toThrow();
      rmSync(directory, { recursive: true });
    });
  });
});
