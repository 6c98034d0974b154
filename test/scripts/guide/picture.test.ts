import { describe, expect, it } from "vitest";
import { flows } from "../../../components/flows";
import { drawHalves } from "../../../scripts/guide/picture/picture";
import { pictureWidth } from "../../../scripts/guide/picture/platform";
import type { Box, Drawing } from "../../../scripts/guide/picture/drawing";
import { environmentNames, readEnvironment, type Environment } from "../../../stacks/environment";

const examples = environmentNames().map((name) => readEnvironment(name));

/** A site with more machines, longer names and more outsiders than any picture has room for. */
function crowded(): Environment {
  const environment = structuredClone(readEnvironment("on-prem"));
  if (environment.footprint.kind !== "on-prem") throw new Error("the example has another footprint");
  environment.name = "a crowded site";
  const [model] = environment.footprint.machines;
  environment.footprint.machines = Array.from({ length: 60 }, (_, index) => ({
    ...model!,
    name: `machine-in-a-rack-of-the-second-hall-${index}`,
    role: index % 2 === 0 ? ("server" as const) : ("agent" as const),
  }));
  environment.footprint.network.routes = Array.from({ length: 3 }, (_, index) => ({
    to: `10.${30 + index}.0.0/16`,
    via: "10.20.0.1",
  }));
  return environment;
}

const meet = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

/** Pairs of texts that cover each other, and texts that leave the picture. */
function illegible(drawings: readonly Drawing[], height: number): string[] {
  const texts = drawings.flatMap((drawing) => drawing.texts);
  const covered = texts.flatMap((one, index) =>
    texts.slice(index + 1).flatMap((other) => (meet(one, other) ? `${one.text} covers ${other.text}` : [])),
  );
  const page = ({ x, y, width, height: tall }: Box) =>
    x >= 0 && y >= 0 && x + width <= pictureWidth && y + tall <= height;
  const zones = drawings.flatMap((drawing) => drawing.boxes).filter(({ look }) => look === "zone");
  const across = zones.flatMap((zone) =>
    texts.flatMap((text) =>
      meet(zone, text) && (text.x < zone.x || text.x + text.width > zone.x + zone.width)
        ? `${text.text} leaves its zone`
        : [],
    ),
  );
  return [
    ...covered,
    ...across,
    ...texts.filter((text) => !page(text)).map(({ text }) => `${text} leaves the picture`),
  ];
}

describe("the network picture", () => {
  it("shows the same platform on every foundation, and a ground of its own beneath it", () => {
    const halves = examples.map((environment) => drawHalves(environment));
    expect(new Set(halves.map(({ platform }) => platform.markup().text)).size).toBe(1);
    expect(new Set(halves.map(({ ground }) => ground.markup().text)).size).toBe(examples.length);
  });

  it("has a port for each row of the flow table", () => {
    const { platform } = drawHalves(examples[0]!);
    const ports = platform.texts.map(({ text }) => text).filter((text) => /^\d+$/.test(text));
    expect(ports.sort()).toEqual(flows.map(({ port }) => `${port}`).sort());
  });

  it.each([...examples, crowded()].map((environment) => [environment.name, environment] as const))(
    "can be read: %s",
    (_name, environment) => {
      const { platform, ground, height } = drawHalves(environment);
      expect(illegible([platform, ground], height)).toEqual([]);
    },
  );

  it("follows the network plan", () => {
    const texts = (name: string) => drawHalves(readEnvironment(name)).ground.texts.map(({ text }) => text);
    expect(texts("private-cloud")).toContain("VPC 10.40.0.0/16");
    expect(texts("colocation")).toContain("Management network 192.168.40.0/24");
    expect(texts("on-prem")).toContain("10.20.0.31");
  });
});
