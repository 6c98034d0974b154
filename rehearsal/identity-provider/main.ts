import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { writePrivateFile } from "../processes/private-file";
import { IdentityProvider } from "./identity-provider";
import { signingAlgorithms } from "./signing-key";

const name = z.string().min(1);
const groups = z.array(name);

/** Paths may be relative to the file that has them. */
const configuration = z.strictObject({
  /** Default: any port that is free; the log line says which. */
  port: z.int().min(0).max(65_535).default(0),
  tls: z.strictObject({ certificateFile: name, keyFile: name, authorityFile: name }),
  /** Where the public keys are written, for a door that reads them from a file. */
  jwksFile: name,
  audience: name,
  people: z.array(z.strictObject({ name, groups, secondFactor: z.boolean() })),
  applications: z.array(z.union([name, z.strictObject({ name, groups })])),
  tokenSeconds: z.int().positive().optional(),
  clockSkewSeconds: z.int().optional(),
  algorithm: z.enum(signingAlgorithms).optional(),
});

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  if (values.config === undefined) throw new Error("usage: main.ts --config <file.json>");
  const folder = dirname(resolve(values.config));
  const { tls, jwksFile, ...options } = configuration.parse(JSON.parse(readFileSync(values.config, "utf8")));
  const pem = (path: string): string => readFileSync(resolve(folder, path), "utf8");
  const provider = await IdentityProvider.start({
    ...options,
    tls: { certificate: pem(tls.certificateFile), key: pem(tls.keyFile), authority: pem(tls.authorityFile) },
  });
  const publish = (): string => writePrivateFile(resolve(folder, jwksFile), provider.jwks());
  publish();

  // One change of keys after the other, and each written before the next begins.
  let turn: Promise<unknown> = Promise.resolve();
  const change = (what: string, how: () => void | Promise<void>): void => {
    turn = turn
      .then(how)
      .then(publish)
      .then(
        () => process.stdout.write(`${what}: ${provider.publicKeys.length} public keys are written.\n`),
        (error: Error) => process.stderr.write(`${what} failed: ${error.message}\n`),
      );
  };
  process.on("SIGHUP", () => change("Rotated", () => provider.rotate()));
  process.on("SIGUSR2", () => change("Retired", () => provider.retire()));
  const end = (): void => void provider.stop().then(() => process.exit(0));
  process.once("SIGTERM", end).once("SIGINT", end);
  process.stdout.write(
    `A stand-in for the company's identity provider listens on ${provider.issuer}: people log in by name alone.\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(2);
});
