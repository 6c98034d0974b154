import { parseArgs } from "node:util";
import type { z } from "zod";
import { ConfigurationError, readConfiguration } from "./configuration";
import { stopOnSignal } from "./lifecycle";
import { makeLog, type Logger } from "./log";
import type { Listening } from "./mutual-tls";
import { askReady } from "./probes";

/** What every service's configuration says. */
interface Common {
  readonly logLevel: string;
  readonly probes: Listening;
}

export interface Program<Configuration> {
  /** Such as `guard`. */
  readonly name: string;
  readonly schema: z.ZodType<Configuration>;
  /** Starts the service. @returns what stops it. */
  readonly start: (configuration: Configuration, log: Logger) => Promise<() => Promise<void>>;
}

const usage = (name: string): string => `cloister-${name} --config FILE
  --config FILE  its configuration, YAML
  --health       ask the ${name} on this machine whether it is ready: 0 yes, 1 no
  --help         this text
`;

async function run<Configuration extends Common>({ name, schema, start }: Program<Configuration>): Promise<void> {
  const { values } = parseArgs({
    options: { config: { type: "string" }, health: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true || values.config === undefined) {
    process.stdout.write(usage(name));
    process.exit(values.help === true ? 0 : 2);
  }
  const configuration = readConfiguration(values.config, schema);
  if (values.health === true) process.exit((await askReady(configuration.probes.port)) ? 0 : 1);
  // A signal while it starts waits until it has: only then can what it began be ended.
  const started = start(configuration, makeLog(name, configuration.logLevel));
  stopOnSignal(async () => (await started)());
  await started;
}

/**
 * Runs a service as the process it is, by its command line, until it is told to end. Exit codes: 0 ended as told, 1 failed,
 * 2 cannot be used as it was called or configured.
 */
export function runProgram<Configuration extends Common>(program: Program<Configuration>): void {
  run(program).catch((error: unknown) => {
    const unusable = error instanceof ConfigurationError;
    process.stderr.write(unusable ? `${error.message}\n` : `cloister-${program.name}: ${String(error)}\n`);
    process.exit(unusable ? 2 : 1);
  });
}
