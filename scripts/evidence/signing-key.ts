import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KitError } from "../../components/kit-error";
import { keyId } from "../../policies/attestation/dsse";
import { writePrivateFile } from "../../rehearsal/processes/private-file";
import { shownFolder, stacksFolder } from "../../stacks/environment";
import { readPassphrase } from "../passphrase";

/** The pair that signs an environment's evidence. The private half never leaves this process, and is in no state. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** SHA-256 of the public half, 64 hexadecimal digits: see `keyId`. */
  readonly keyid: string;
  /** `rehearsal`: a key that the rehearsal drew for itself. It shows that nothing was altered since, not who ran it. */
  readonly origin: "environment" | "rehearsal";
}

/** The variable that names the file of the private key. */
export const keyVariable = "CLOISTER_EVIDENCE_KEY";
/** The variables that hold its passphrase, or name a file with it. */
export const passphraseVariables = {
  variable: "CLOISTER_EVIDENCE_PASSPHRASE",
  fileVariable: "CLOISTER_EVIDENCE_PASSPHRASE_FILE",
} as const;

export interface SigningKeyArgs {
  /** The environment. */
  readonly name: string;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  /** Default: this process's own. */
  readonly variables?: NodeJS.ProcessEnv;
}

/** Where the public half is kept: committed, so that a change of it is reviewed like any other. */
export const publicKeyFile = (name: string, folder: string = stacksFolder): string =>
  join(folder, name, "evidence.pub");

/** The same as a person names it. */
export const shownPublicKeyFile = (name: string, folder: string = stacksFolder): string =>
  publicKeyFile(name, shownFolder(folder));

/**
 * The key of a real environment: the private half from the file that `CLOISTER_EVIDENCE_KEY` names, opened by its
 * passphrase, the public half from `stacks/<environment>/evidence.pub`.
 *
 * @throws KitError with every mistake at once: no file, no Ed25519 key in it, in clear, a wrong passphrase, or a pair whose
 *   halves do not belong together.
 */
export async function environmentSigningKey(args: SigningKeyArgs): Promise<SigningKey> {
  const { name, folder, variables = process.env } = args;
  const file = variables[keyVariable] ?? "";
  const committed = publicKeyFile(name, folder);
  const make = `make the pair with \`npm run cloister -- evidence key ${name} --out <file>\`, or name the file in ${keyVariable}`;
  const missing = [
    ...(existsSync(committed)
      ? []
      : [
          {
            path: shownPublicKeyFile(name, folder),
            found: "no file",
            allowed: "the public half of the environment's key, committed",
            mend: make,
          },
        ]),
    ...(file !== "" && existsSync(file)
      ? []
      : [
          {
            path: keyVariable,
            found: file === "" ? "nothing" : `no file ${file}`,
            allowed: "the file of the private half",
            mend: make,
          },
        ]),
  ];
  if (missing.length > 0) throw new KitError("There is no key to sign evidence with", missing);
  const publicKey = readPublicKey(committed);
  const privateKey = await openPrivateKey(file, variables);
  const keyid = keyId(privateKey);
  if (keyid !== keyId(publicKey)) {
    throw new KitError("The key does not belong to the environment", [
      {
        path: file,
        found: `the key ${keyid}`,
        allowed: `the key ${keyId(publicKey)}, whose public half is ${shownPublicKeyFile(name, folder)}`,
        mend: `name the environment's own key in ${keyVariable}, or commit another public half`,
      },
    ]);
  }
  return { privateKey, publicKey, keyid, origin: "environment" };
}

/** The files of a rehearsal's own pair, in its folder. */
export const rehearsalKeyFiles = (directory: string): { readonly privateKey: string; readonly publicKey: string } => ({
  privateKey: join(directory, "evidence-key.pem"),
  publicKey: join(directory, "evidence.pub"),
});

/** A rehearsal's own key, drawn when it is first asked for; nothing else may be signed with it. */
export function rehearsalSigningKey(directory: string): SigningKey {
  const files = rehearsalKeyFiles(directory);
  if (!existsSync(files.privateKey)) {
    const drawn = generateKeyPairSync("ed25519").privateKey;
    writePrivateFile(files.privateKey, drawn.export({ type: "pkcs8", format: "pem" }));
  }
  const privateKey = createPrivateKey(readFileSync(files.privateKey));
  const publicKey = createPublicKey(privateKey);
  writeFileSync(files.publicKey, publicPem(publicKey));
  return { privateKey, publicKey, keyid: keyId(publicKey), origin: "rehearsal" };
}

/** The public half as it is committed: PEM, SubjectPublicKeyInfo. */
export const publicPem = (publicKey: KeyObject): string => publicKey.export({ type: "spki", format: "pem" }).toString();

/** @throws KitError where the file is not there, or holds no Ed25519 public key. */
export function readPublicKey(path: string): KeyObject {
  let found: string;
  try {
    const text = readFileSync(path, "utf8");
    const key = createPublicKey(text);
    if (key.asymmetricKeyType === "ed25519" && !text.includes("PRIVATE")) return key;
    found = text.includes("PRIVATE")
      ? "a private key"
      : `a key of another kind (${key.asymmetricKeyType ?? "unknown"})`;
  } catch (error) {
    found = existsSync(path) ? "nothing that is a public key" : `no file (${(error as NodeJS.ErrnoException).code})`;
  }
  throw new KitError("There is no key to verify evidence with", [
    { path, found, allowed: "an Ed25519 public key, PEM", mend: "name the right file with --key" },
  ]);
}

async function openPrivateKey(file: string, variables: NodeJS.ProcessEnv): Promise<KeyObject> {
  const refused = (found: string, mend: string): KitError =>
    new KitError("The key that signs evidence cannot be opened", [
      { path: file, found, allowed: "an Ed25519 private key, PEM (PKCS #8), sealed by a passphrase", mend },
    ]);
  const pem = readFileSync(file, "utf8");
  if (!pem.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
    const seal = `openssl pkcs8 -topk8 -v2 aes-256-cbc -in <file> -out <new file>`;
    throw refused(
      pem.includes("PRIVATE KEY") ? "a private key in clear" : "no private key",
      `seal it (\`${seal}\`), or make another with \`npm run cloister -- evidence key\``,
    );
  }
  const title = "The key that signs evidence needs its passphrase";
  const passphrase = await readPassphrase({ ...passphraseVariables, of: file, title, variables });
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, passphrase });
  } catch {
    throw refused("a sealed key that this passphrase does not open", "give the right passphrase");
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw refused(`a key of another kind (${key.asymmetricKeyType})`, "make another");
  return key;
}
