import { rmSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { envoyConfig, type EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { environmentNames, readEnvironment } from "../../../../stacks/environment";
import { tools } from "../../../rehearsal/tools";
import { Circles } from "./circles";
import { args, names } from "./door-args";
import { layOut, nowhere, validate } from "./running-envoy";

it("makes no listener that admits every certificate of a circle", () => {
  expect(() => envoyConfig({ ...args, clients: [] })).toThrow("without names admits all of them");
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
      const { door, models } = readEnvironment(name).platform;
      return [name, { ...door, clients: door.clients.map((client) => client.name), models }];
    });
    const three = [...args.models, { name: "mistral-small-3.2", maxModelLength: 32_768 }];

    it.each([...examples, ["three models", { ...args, models: three }] as [string, EnvoyConfigArgs]])(
      "of %s is one that Envoy takes, with nothing deprecated",
      async (_name, each) => {
        const directory = await layOut(each, circles, nowhere(each.models.map((model) => model.name)));
        const said = await validate(envoy, directory);
        rmSync(directory, { recursive: true });
        expect(said).toContain("OK");
        expect(said).not.toMatch(/deprecated|\[warning\]/i);
      },
    );

    it("is refused with a value that Envoy cannot read, so validating means something", async () => {
      const directory = await layOut({ ...args, requestTimeoutSeconds: Number.NaN }, circles, nowhere(names));
      await expect(validate(envoy, directory)).rejects.toThrow();
      rmSync(directory, { recursive: true });
    });
  });
});
