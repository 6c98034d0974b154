import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import type { BenchSite } from "./bench-site";
import { compare, interleaved, type Comparison } from "./measurement";
import { PlatformPreview } from "./platform-preview";
import { registrationsOf } from "./registrations";

const rounds = 5;

/**
 * The preview of the platform, against a program in plain JavaScript that registers the same with no logic. Both run on the
 * same state and servers and without a policy pack, which would be the same addition to both.
 */
export async function measurePreviewOverhead(site: BenchSite): Promise<Comparison> {
  const platform = new PlatformPreview(site);
  const bare = layBareProgram(site, platform.stack, await platform.state());
  const ofKit = () => platform.seconds();
  const ofBare = () => platform.seconds(bare);
  await interleaved(1, ofKit, ofBare);
  return compare({
    name: "preview-overhead",
    goal: 1.5,
    sides: ["preview of the platform", "preview of a bare program that registers the same"],
    rounds: await interleaved(rounds, ofKit, ofBare),
  });
}

/** A project with the same name, settings and state, whose program is the bare one. */
function layBareProgram({ directory, files }: BenchSite, stack: string, state: string) {
  const projectDirectory = join(directory, "bare");
  const registrations = join(projectDirectory, "registrations.json");
  mkdirSync(projectDirectory, { recursive: true, mode: 0o700 });
  writeFileSync(registrations, JSON.stringify(registrationsOf(state)), { mode: 0o600 });
  cpSync(files.stackSettings(stack), join(projectDirectory, `Pulumi.${stack}.yaml`));
  const project = parse(readFileSync(join(files.project, "Pulumi.yaml"), "utf8")) as object;
  const main = `${relative(projectDirectory, join(__dirname, "bare-program"))}/`;
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(projectDirectory, "Pulumi.yaml"), stringify({ ...project, main, runtime }));
  return { projectDirectory, environment: { CLOISTER_BENCH_REGISTRATIONS: registrations } };
}
