import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ModelServer } from "./model-server";

/** Arguments of `vllm serve` that say something to a stand-in, and those of its own. Another one is a mistake. */
const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const known = {
  "served-model-name": text,
  host: text,
  port: text,
  "tensor-parallel-size": text,
  "max-model-len": text,
  "ssl-certfile": text,
  "ssl-keyfile": text,
  "ssl-ca-certs": text,
  "ssl-cert-reqs": text,
  "enable-force-include-usage": flag,
  "shutdown-timeout": text,
  "stand-in-first-token": text,
  "stand-in-each-token": text,
  "stand-in-load-seconds": text,
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: known, allowPositionals: true });
  const files = [values["ssl-certfile"], values["ssl-keyfile"], values["ssl-ca-certs"]] as const;
  const [certificate, key, authority] = files.map((path) => (path === undefined ? "" : readFileSync(path, "utf8")));
  // vLLM does not listen before its engine has loaded the weights.
  await sleep(Number(values["stand-in-load-seconds"] ?? 0) * 1000);
  const server = await ModelServer.start({
    model: values["served-model-name"] ?? "model",
    host: values.host,
    port: Number(values.port ?? 8000),
    firstToken: Number(values["stand-in-first-token"] ?? 100),
    eachToken: Number(values["stand-in-each-token"] ?? 20),
    maxModelLength: Number(values["max-model-len"] ?? 8192),
    forceUsage: values["enable-force-include-usage"] ?? false,
    ...(certificate ? { tls: { certificate, key: key ?? "", authority: authority ?? "" } } : {}),
  });
  process.stdout.write(`A stand-in for vLLM's server listens on ${server.port}: no model is behind it.\n`);
  const end = (): void => void server.stop(Number(values["shutdown-timeout"] ?? 0) * 1000).then(() => process.exit(0));
  process.once("SIGTERM", end).once("SIGINT", end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(2);
});
