import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { keyId } from "../../policies/attestation/dsse";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { readEnvironment } from "../../stacks/environment";
import { readPassphrase } from "../passphrase";
import { requireWritableFile } from "../writable-folder";
import { keyVariable, passphraseVariables, publicKeyFile, publicPem, shownPublicKeyFile } from "./signing-key";

export interface MakeKeyOptions {
  /** File of the private half. Default: the one that `CLOISTER_EVIDENCE_KEY` names. */
  readonly out?: string;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** Put a new pair in the place of one that is there. */
  readonly replace?: boolean;
  readonly json?: boolean;
}

/**
 * `evidence key <environment>`: draws the pair that signs the environment's evidence. The private half is sealed by a
 * passphrase and goes to the file that was named, the public half beside the environment, to be committed.
 *
 * @throws KitError where either half is there already, or cannot be written.
 */
export async function makeKey(name: string, options: MakeKeyOptions, variables = process.env): Promise<number> {
  readEnvironment(name, options.folder);
  const out = options.out ?? variables[keyVariable] ?? "";
  const committed = publicKeyFile(name, options.folder);
  const shown = shownPublicKeyFile(name, options.folder);
  if (out === "") {
    throw new KitError("The private half needs a place", [
      {
        path: "--out",
        found: `nothing, nor in ${keyVariable}`,
        allowed: "a file outside the repository, such as one on a token or in a secret store",
        mend: "name it with --out",
      },
    ]);
  }
  requireWritableFile({ path: out, option: "--out" });
  requireWritableFile({ path: committed });
  const there = [out, committed].filter((path) => existsSync(path));
  if (there.length > 0 && options.replace !== true) {
    throw new KitError(
      "There is a key already",
      there.map((path) => ({
        path: path === committed ? shown : path,
        found: "a file",
        allowed: "nothing yet",
        mend: "keep using it, or add --replace; keep the old public half for the evidence that it verifies",
      })),
    );
  }
  const title = "The key that signs evidence needs a passphrase";
  const passphrase = await readPassphrase({ ...passphraseVariables, of: resolve(out), title, variables });
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = createPublicKey(privateKey);
  const sealed = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase });
  writePrivateFile(resolve(out), sealed);
  mkdirSync(dirname(committed), { recursive: true });
  writeFileSync(committed, publicPem(publicKey));
  const made = { environment: name, keyid: keyId(publicKey), privateKey: resolve(out), publicKey: shown };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(made, null, 2)}\n`
      : `Drew the key ${made.keyid}.\nThe private half, sealed, is in ${made.privateKey}: keep it out of the repository, and name it in ${keyVariable}.\nThe public half is in ${shown}: commit it.\n`,
  );
  return 0;
}
