import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { findGo } from "../../../../rehearsal/setup/go-tool";
import type { ComposeFile } from "../../../../scripts/lab/compose/compose-file";
import { composeMistakes, composeSchema } from "../../../../scripts/lab/compose/specification";
import pinned from "../../../../scripts/lab/compose/specification.json";
import { environmentNames } from "../../../../stacks/environment";
import { manifestsOf, rendered } from "../lab-world";

const go = findGo(process.env);

it.runIf(go === undefined)("is not exercised: there is no Go that would fetch the schema", () => {
  console.warn("The Compose file was not held against its specification: no `go` on PATH.");
});

describe.runIf(go !== undefined)("the Compose Specification", () => {
  let schema: Awaited<ReturnType<typeof composeSchema>>;
  let compose: ComposeFile;
  beforeAll(async () => {
    schema = await composeSchema();
    compose = rendered(await manifestsOf("on-prem")).compose;
  });

  it("is the one that was pinned", async () => {
    expect(schema["title"]).toBe("Compose Specification");
    const other = { ...pinned, sum: "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" };
    await expect(composeSchema(other)).rejects.toThrow(`was pinned`);
  });

  it.each(environmentNames())("takes the file of %s, as it is written and read again", async (name) => {
    const { compose: file } = rendered(await manifestsOf(name));
    const read = parse(stringify(file)) as unknown;
    expect(read).toEqual(JSON.parse(JSON.stringify(file)));
    expect(composeMistakes(read, schema)).toEqual([]);
  });

  const breaks: readonly (readonly [string, object, string])[] = [
    ["a setting that nobody knows", { imagee: "x" }, "imagee"],
    ["a number of retries that is a list", { healthcheck: { retries: [2] } }, "/healthcheck/retries"],
    ["a mount of no known type", { volumes: [{ type: "floppy", target: "/a" }] }, "/volumes/0"],
    ["a file without a place", { secrets: [{ sources: "a" }] }, "/secrets/0"],
    ["a capability that is a number", { cap_drop: [7] }, "/cap_drop/0"],
    ["a limit of no known name", { deploy: { resources: { limits: { disk: "1g" } } } }, "/deploy/resources/limits"],
  ];

  it.each(breaks)("refuses %s", (_title, change, place) => {
    const { services } = compose;
    const [name = "", service] = Object.entries(services)[0] ?? [];
    const broken = { ...compose, services: { ...services, [name]: { ...service, ...change } } };
    const mistakes = composeMistakes(broken, schema);
    expect(mistakes.join("\n")).toContain(place);
    expect(mistakes[0]).toContain(`/services/${name}`);
  });

  it("refuses a part that it does not know", () => {
    expect(composeMistakes({ ...compose, volume: {} }, schema).join("\n")).toContain("additional properties: volume");
  });
});
