import { parseArgs } from "node:util";
import { ConfigurationError, readConfiguration } from "../shared/configuration";
import { stopOnSignal } from "../shared/lifecycle";
import { makeLog } from "../shared/log";
import { askReady } from "../shared/probes";
import { ledgerConfiguration } from "./config";
import { Ledger } from "./ledger";
import { S3Store } from "./s3-store";

const usage = `cloister-ledger --config FILE
  --config FILE  its configuration, YAML
  --health       ask the ledger on this machine whether it is ready: 0 yes, 1 no
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
  const configuration = readConfiguration(values.config, ledgerConfiguration);
  if (values.health === true) process.exit((await askReady(configuration.probes.port)) ? 0 : 1);
  const log = makeLog("ledger", configuration.logLevel);
  const broken = (error: Error): void => {
    // Whether what was acknowledged is all on the disk is for the next start to see, which reads it again.
    log.fatal({ reason: error.message }, "the disk cannot be trusted any more");
    process.exit(70);
  };
  const ledger = new Ledger(configuration, new S3Store(configuration.store), log, broken);
  stopOnSignal(() => ledger.stop());
  await ledger.start();
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof ConfigurationError ? `${error.message}\n` : `cloister-ledger: ${String(error)}\n`,
  );
  process.exit(error instanceof ConfigurationError ? 2 : 1);
});
