import { parseArgs } from "node:util";
import { ConfigurationError, readConfiguration } from "../shared/configuration";
import { stopOnSignal } from "../shared/lifecycle";
import { makeLog } from "../shared/log";
import { askReady } from "../shared/probes";
import { guardConfiguration } from "./config";
import { Guard } from "./guard";
import { GuardMetrics } from "./metrics";
import { PolicyHolder } from "./policy/policy-holder";
import { S3Quarantine } from "./quarantine";
import { noLimits } from "./token-limits";

const usage = `cloister-guard --config FILE
  --config FILE  its configuration, YAML
  --health       ask the guard on this machine whether it is ready: 0 yes, 1 no
  --help         this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: "string" }, health: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true || values.config === undefined) {
    process.stdout.write(usage);
    process.exit(values.help === true ? 0 : 2);
  }
  const configuration = readConfiguration(values.config, guardConfiguration);
  if (values.health === true) process.exit((await askReady(configuration.probes.port)) ? 0 : 1);
  const log = makeLog("guard", configuration.logLevel);
  const metrics = new GuardMetrics();
  const onRefused = (count: number): void => metrics.policiesRefused.set(count);
  const policy = new PolicyHolder({ path: configuration.policy, log, onRefused });
  const quarantine = new S3Quarantine(configuration.quarantine);
  const examiner = () => policy.examiner;
  const guard = new Guard(configuration, { examiner, quarantine, limits: noLimits, metrics }, log);
  stopOnSignal(async () => {
    policy.close();
    await guard.stop();
  });
  await guard.start();
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof ConfigurationError ? `${error.message}\n` : `cloister-guard: ${String(error)}\n`,
  );
  process.exit(error instanceof ConfigurationError ? 2 : 1);
});
