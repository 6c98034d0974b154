import { runProgram } from "../shared/program";
import { ledgerConfiguration } from "./config";
import { Ledger } from "./ledger";
import { S3Store } from "./s3-store";

runProgram({
  name: "ledger",
  schema: ledgerConfiguration,
  start: async (configuration, log) => {
    const broken = (error: Error): void => {
      // Whether what was acknowledged is all on the disk is for the next start to see, which reads it again.
      log.fatal({ reason: error.message }, "the disk cannot be trusted any more");
      process.exit(70);
    };
    const ledger = new Ledger(configuration, new S3Store(configuration.store), log, broken);
    await ledger.start();
    return () => ledger.stop();
  },
});
