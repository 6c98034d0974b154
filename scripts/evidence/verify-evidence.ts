import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { KeyObject } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { keyId, unverifiedStatement, verifyEnvelope } from "../../policies/attestation/dsse";
import { EnvelopeError } from "../../policies/attestation/envelope-error";
import type { Statement } from "../../policies/attestation/statement";
import { environmentEntry, testResultType, type TestResult } from "../../policies/attestation/test-result";
import { attestationFile } from "../../policies/evidence/attested-names";
import { sha256 } from "../../policies/evidence/canonical";

/** What the evidence says it is about. Before it was verified, only good to find the key. */
export interface EvidenceAbout {
  readonly environment: string;
  readonly outcome: string;
  /** Whether a rehearsal made it: then it is about nothing real. */
  readonly rehearsed: boolean;
}

export interface VerifiedFile {
  readonly name: string;
  readonly state: "sound" | "altered" | "missing" | "not named";
  /** Of what is not sound: why, in a sentence. */
  readonly why?: string;
}

export interface EvidenceVerdict {
  readonly sound: boolean;
  readonly envelope: string;
  /** The key it was verified by. */
  readonly keyid: string;
  /** Why the envelope proves nothing; then nothing below is known. */
  readonly refused?: string;
  readonly about?: EvidenceAbout;
  readonly result?: TestResult["result"];
  readonly files: readonly VerifiedFile[];
}

/** The envelope that was meant: itself, or the one in a folder. @throws KitError where there is none. */
export function envelopeFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  const file = found?.isDirectory() ? join(path, attestationFile) : path;
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return resolve(file);
  throw new KitError("There is no evidence to verify", [
    {
      path: resolve(path),
      found: found === undefined ? "nothing" : `no ${attestationFile}`,
      allowed: `a folder with ${attestationFile} in it, or that file`,
      mend: "name the folder that `cloister evidence` or a rehearsal wrote",
    },
  ]);
}

/** What the envelope claims to be about; undefined where it can't be read so far. */
export function claimed(file: string): EvidenceAbout | undefined {
  try {
    return aboutOf(unverifiedStatement(JSON.parse(readFileSync(file, "utf8"))));
  } catch {
    return undefined;
  }
}

/**
 * Verifies a set of evidence without any network: who signed it, and that every document in its folder is one that was
 * signed, byte by byte. A file that is missing, or that nobody signed, is as wrong as an altered one.
 *
 * @param file the envelope; the documents lie beside it.
 */
export function verifyEvidence(file: string, publicKey: KeyObject): EvidenceVerdict {
  const verdict = { envelope: file, keyid: keyId(publicKey) };
  let statement: Statement;
  let about: EvidenceAbout;
  try {
    statement = verifyEnvelope(parsed(file), publicKey);
    about = aboutOf(statement);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    return { ...verdict, sound: false, refused: error.message, files: [] };
  }
  const folder = dirname(file);
  const named = statement.subject.map(({ name, digest }) => verifyFile(folder, name, digest.sha256));
  const names = new Set([attestationFile, ...statement.subject.map(({ name }) => name)]);
  const others = readdirSync(folder)
    .filter((name) => !names.has(name) && join(folder, name) !== file)
    .map((name): VerifiedFile => ({
      name,
      state: "not named",
      why: "nobody signed it: it is no part of the evidence",
    }));
  const files = [...named, ...others];
  const { result } = statement.predicate as TestResult;
  return { ...verdict, sound: files.every(({ state }) => state === "sound"), about, result, files };
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new EnvelopeError("it is not JSON");
  }
}

function aboutOf(statement: Statement): EvidenceAbout {
  if (statement.predicateType !== testResultType) {
    throw new EnvelopeError(`it tells ${statement.predicateType}, not what the gate found (${testResultType})`);
  }
  const { configuration } = statement.predicate as Partial<TestResult>;
  const entry = configuration?.find(({ name }) => name === environmentEntry)?.annotations;
  const { environment, outcome, origin } = entry ?? {};
  if (environment === undefined || outcome === undefined || (origin !== "environment" && origin !== "rehearsal")) {
    throw new EnvelopeError("it does not say which environment it is about");
  }
  return { environment, outcome, rehearsed: origin === "rehearsal" };
}

function verifyFile(folder: string, name: string, digest: string): VerifiedFile {
  const outside = name.includes("/") || name.includes("\\") || name === "." || name === "..";
  const path = join(folder, name);
  if (outside || lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    return {
      name,
      state: "missing",
      why: outside ? "it is not a file of this folder" : "it was signed, and is not there",
    };
  }
  const found = sha256(readFileSync(path));
  if (found === digest) return { name, state: "sound" };
  return { name, state: "altered", why: `its SHA-256 is ${found}, and ${digest} was signed` };
}
