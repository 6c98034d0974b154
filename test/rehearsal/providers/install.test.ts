import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dependencies } from "../../../package.json";
import { installProviders } from "../../../rehearsal/providers/install";

const randomVersion = dependencies["@pulumi/random"];
const awsVersion = dependencies["@pulumi/aws"];

let root: string;
let pulumiHome: string;
let officialHome: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cloister-install-"));
  pulumiHome = join(root, "rehearsal");
  officialHome = join(root, "person");
});

afterEach(() => rmSync(root, { recursive: true }));

function official(name: string, version: string): string {
  const folder = join(officialHome, "plugins", `resource-${name}-v${version}`);
  mkdirSync(folder, { recursive: true });
  const binary = join(folder, `pulumi-resource-${name}`);
  writeFileSync(binary, "official");
  chmodSync(binary, 0o755);
  return binary;
}

const plugin = (name: string, version: string) =>
  join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);

describe("installProviders", () => {
  it("lays out a stand-in for every provider, in the version the SDK asks for", async () => {
    const installed = await installProviders({ pulumiHome });
    expect(installed).toEqual(
      (["kubernetes", "random", "tls", "aws"] as const).map((name) => ({
        name,
        version: dependencies[`@pulumi/${name}`],
        origin: "stand-in",
      })),
    );
    for (const { name, version } of installed) {
      expect(statSync(plugin(name, version)).mode & 0o111).toBe(0o111);
      expect(readFileSync(plugin(name, version), "utf8")).toContain(`A stand-in for Pulumi's ${name} provider`);
    }
  });

  it("changes nothing the second time", async () => {
    await installProviders({ pulumiHome });
    const before = lstatSync(plugin("random", randomVersion)).mtimeMs;
    await installProviders({ pulumiHome });
    expect(lstatSync(plugin("random", randomVersion)).mtimeMs).toBe(before);
  });

  it("links the person's official plugin of the right version, but never the one for AWS", async () => {
    const binary = official("random", randomVersion);
    official("aws", awsVersion);
    official("tls", "0.0.1");
    const installed = await installProviders({ pulumiHome, officialHome });
    expect(installed.map(({ name, origin }) => `${name} ${origin}`)).toEqual([
      "kubernetes stand-in",
      "random official",
      "tls stand-in",
      "aws stand-in",
    ]);
    // The engine looks at real folders only; the files in them may be links.
    expect(lstatSync(join(plugin("random", randomVersion), "..")).isDirectory()).toBe(true);
    expect(readlinkSync(plugin("random", randomVersion))).toBe(binary);
  });

  it("goes back to the stand-in without writing through the link", async () => {
    const binary = official("random", randomVersion);
    await installProviders({ pulumiHome, officialHome, providers: ["random"] });
    await installProviders({ pulumiHome, providers: ["random"] });
    expect(readFileSync(binary, "utf8")).toBe("official");
    expect(readFileSync(plugin("random", randomVersion), "utf8")).toContain("stand-in");
  });
});
