import { join } from "node:path";
import { prepareGate } from "../scripts/gate";
import type { BenchSite } from "./bench-site";
import { compare, interleaved, type Comparison } from "./measurement";
import { PlatformPreview } from "./platform-preview";

const rounds = 5;

/** The preview of the platform with the whole pack, which also writes its verdicts, against one with a pack of one rule. */
export async function measureGateOverhead(site: BenchSite): Promise<Comparison> {
  const platform = new PlatformPreview(site);
  const { packDirectory, configuration, verdictsDirectory } = prepareGate(site.environment, site.files.directory);
  const whole = () =>
    platform.seconds({
      packDirectory,
      packConfiguration: configuration,
      environment: { CLOISTER_VERDICTS_DIR: verdictsDirectory, CLOISTER_VERDICTS_PHASE: "preview" },
    });
  const one = () => platform.seconds({ packDirectory: join(__dirname, "one-rule-pack") });
  await interleaved(1, whole, one);
  return compare({
    name: "gate-overhead",
    goal: 1.5,
    sides: ["preview of the platform with the whole pack", "with a pack of one rule"],
    rounds: await interleaved(rounds, whole, one),
  });
}
