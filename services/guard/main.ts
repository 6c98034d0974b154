import type { Logger } from "../shared/log";
import { runProgram } from "../shared/program";
import { guardConfiguration, type GuardConfiguration } from "./config";
import { CountingService } from "./counting-service";
import { derivedKey } from "./derived-key";
import { Guard } from "./guard";
import { GuardMetrics } from "./metrics";
import { PolicyHolder } from "./policy/policy-holder";
import { S3Quarantine } from "./quarantine";
import { SharedTokenLimits } from "./shared-token-limits";
import { noLimits, type TokenLimits } from "./token-limits";

function tokenLimits(
  { tokenLimits: settings, tls }: GuardConfiguration,
  metrics: GuardMetrics,
  log: Logger,
): TokenLimits {
  if (settings === undefined) return noLimits;
  const { groups, ...where } = settings;
  // A renewed certificate gives everybody another pseudonym, and so an hour that begins anew.
  const key = derivedKey(tls.key, "cloister guard limits");
  return new SharedTokenLimits({ service: new CountingService({ ...where, tls }), groups, key, metrics, log });
}

runProgram({
  name: "guard",
  schema: guardConfiguration,
  start: async (configuration, log) => {
    const metrics = new GuardMetrics();
    const onRefused = (count: number): void => metrics.policiesRefused.set(count);
    const policy = new PolicyHolder({ path: configuration.policy, log, onRefused });
    const quarantine = new S3Quarantine(configuration.quarantine);
    const examiner = () => policy.examiner;
    const limits = tokenLimits(configuration, metrics, log);
    const guard = new Guard(configuration, { examiner, quarantine, limits, metrics }, log);
    await guard.start();
    return async () => {
      policy.close();
      await guard.stop();
    };
  },
});
