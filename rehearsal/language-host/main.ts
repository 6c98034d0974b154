import { fstatSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { LanguageHost } from "./language-host";

/** The engine passes its own address last, after logging and tracing flags. */
function engineAddressFrom(argv: readonly string[]): string | undefined {
  const last = argv.at(-1);
  return last?.startsWith("-") ? undefined : last;
}

function optionFrom(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name);
  return at === -1 ? undefined : argv[at + 1];
}

function main(argv: readonly string[]): void {
  const host = new LanguageHost(engineAddressFrom(argv), optionFrom(argv, "--tracing"));
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(LanguageRuntimeService, host.service());

  const stop = () => void host.stopPrograms().then(() => process.exit(0));
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  endWithTheEngine(stop);

  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`The language host could not listen on loopback: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

/** The engine holds our standard input open for as long as it lives, even when it is killed outright. */
function endWithTheEngine(stop: () => void): void {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("end", stop).on("error", stop).resume();
}

main(process.argv.slice(2));
