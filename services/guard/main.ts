import { runProgram } from "../shared/program";
import { guardConfiguration } from "./config";
import { Guard } from "./guard";
import { GuardMetrics } from "./metrics";
import { PolicyHolder } from "./policy/policy-holder";
import { S3Quarantine } from "./quarantine";
import { noLimits } from "./token-limits";

runProgram({
  name: "guard",
  schema: guardConfiguration,
  start: async (configuration, log) => {
    const metrics = new GuardMetrics();
    const onRefused = (count: number): void => metrics.policiesRefused.set(count);
    const policy = new PolicyHolder({ path: configuration.policy, log, onRefused });
    const quarantine = new S3Quarantine(configuration.quarantine);
    const examiner = () => policy.examiner;
    const guard = new Guard(configuration, { examiner, quarantine, limits: noLimits, metrics }, log);
    await guard.start();
    return async () => {
      policy.close();
      await guard.stop();
    };
  },
});
