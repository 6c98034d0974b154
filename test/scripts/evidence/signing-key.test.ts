import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keyId } from "../../../policies/attestation/dsse";
import { makeKey } from "../../../scripts/evidence/make-key";
import {
  environmentSigningKey,
  publicPem,
  readPublicKey,
  rehearsalKeyFiles,
  rehearsalSigningKey,
} from "../../../scripts/evidence/signing-key";

const passphrase = "a passphrase of many words";
let scratch: string;
let folder: string;
let variables: NodeJS.ProcessEnv;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "cloister-signing-key-"));
  folder = join(scratch, "stacks");
  mkdirSync(folder);
  const example = readFileSync(join(__dirname, "../../../stacks/on-prem.yaml"), "utf8");
  writeFileSync(join(folder, "on-prem.yaml"), example);
  variables = { CLOISTER_EVIDENCE_KEY: join(scratch, "key.pem"), CLOISTER_EVIDENCE_PASSPHRASE: passphrase };
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(scratch, { recursive: true });
});

const make = (more: object = {}) => makeKey("on-prem", { folder, ...more }, variables);
const open = (more: NodeJS.ProcessEnv = {}) =>
  environmentSigningKey({ name: "on-prem", folder, variables: { ...variables, ...more } });

describe("an environment's key", () => {
  it("is drawn, sealed for its owner alone, and opened again", async () => {
    await make();
    const file = join(scratch, "key.pem");
    expect(readFileSync(file, "utf8")).toContain("-----BEGIN ENCRYPTED PRIVATE KEY-----");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = await open();
    expect(key).toMatchObject({
      origin: "environment",
      keyid: keyId(readPublicKey(join(folder, "on-prem/evidence.pub"))),
    });
    expect(createPrivateKey({ key: readFileSync(file), passphrase }).equals(key.privateKey)).toBe(true);
  });

  it("takes its passphrase from a file, as CI systems hand it out", async () => {
    await make();
    const file = join(scratch, "passphrase");
    writeFileSync(file, `${passphrase}\n`);
    const fromFile = { CLOISTER_EVIDENCE_PASSPHRASE: "", CLOISTER_EVIDENCE_PASSPHRASE_FILE: file };
    expect((await open(fromFile)).origin).toBe("environment");
    await expect(open({ ...fromFile, CLOISTER_EVIDENCE_PASSPHRASE_FILE: join(scratch, "none") })).rejects.toThrow(
      "no file",
    );
  });

  it("is never drawn over another by mistake", async () => {
    await make();
    const before = (await open()).keyid;
    await expect(make()).rejects.toThrow(/There is a key already: 2 mistakes/);
    expect((await open()).keyid).toBe(before);
    await make({ replace: true });
    expect((await open()).keyid).not.toBe(before);
  });

  it("says all that is missing at once", async () => {
    await expect(open({ CLOISTER_EVIDENCE_KEY: "" })).rejects.toThrow(
      /2 mistakes[\s\S]*evidence\.pub[\s\S]*CLOISTER_EVIDENCE_KEY/,
    );
    variables = {};
    await expect(make()).rejects.toThrow("name it with --out");
  });

  it("is refused in clear, by a wrong passphrase, of another kind, and beside a stranger's public half", async () => {
    await make();
    await expect(open({ CLOISTER_EVIDENCE_PASSPHRASE: "another passphrase" })).rejects.toThrow("does not open");
    await expect(open({ CLOISTER_EVIDENCE_PASSPHRASE: "short" })).rejects.toThrow("5 characters");
    const clear = join(scratch, "clear.pem");
    const pair = generateKeyPairSync("ed25519");
    writeFileSync(clear, pair.privateKey.export({ type: "pkcs8", format: "pem" }));
    await expect(open({ CLOISTER_EVIDENCE_KEY: clear })).rejects.toThrow("in clear");
    const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    writeFileSync(clear, elliptic.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }));
    await expect(open({ CLOISTER_EVIDENCE_KEY: clear })).rejects.toThrow("of another kind (ec)");
    writeFileSync(join(folder, "on-prem/evidence.pub"), publicPem(pair.publicKey));
    await expect(open()).rejects.toThrow(`the key ${keyId(pair.publicKey)}`);
  });

  it("needs a public half that is one", () => {
    const file = join(scratch, "evidence.pub");
    expect(() => readPublicKey(file)).toThrow("no file");
    writeFileSync(file, "page");
    expect(() => readPublicKey(file)).toThrow("nothing that is a public key");
    const { privateKey } = generateKeyPairSync("ed25519");
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
    expect(() => readPublicKey(file)).toThrow("a private key");
  });
});

it("draws a rehearsal's key once, for its owner alone, and says whose it is", () => {
  const key = rehearsalSigningKey(scratch);
  expect(key.origin).toBe("rehearsal");
  expect(rehearsalSigningKey(scratch).keyid).toBe(key.keyid);
  const files = rehearsalKeyFiles(scratch);
  expect(statSync(files.privateKey).mode & 0o777).toBe(0o600);
  expect(keyId(readPublicKey(files.publicKey))).toBe(key.keyid);
});
