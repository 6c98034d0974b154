import type { KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { KitError } from "../../components/kit-error";
import { publicKeyFile, readPublicKey, rehearsalKeyFiles } from "./signing-key";
import { claimed, envelopeFile, verifyEvidence, type EvidenceAbout, type EvidenceVerdict } from "./verify-evidence";

export interface VerifyOptions {
  /** File of the public key. Default: that of the environment the evidence says it is about. */
  readonly key?: string;
  /** Folder of the environment files. Default: `stacks`. */
  readonly folder?: string;
  readonly json?: boolean;
}

/**
 * `evidence verify <folder or envelope>`: sees, without a network, that every document is as it was signed.
 *
 * @returns 0 where it is sound, 1 where anything is not.
 * @throws KitError where there is no evidence, or no key to verify it with.
 */
export function verify(path: string, options: VerifyOptions): number {
  const envelope = envelopeFile(path);
  const about = claimed(envelope);
  const keyFile = options.key ?? keyFileOf(envelope, about, options.folder);
  const publicKey: KeyObject = readPublicKey(keyFile);
  const verdict = verifyEvidence(envelope, publicKey);
  const report = { ...verdict, keyFile: resolve(keyFile) };
  process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : told(verdict, keyFile));
  return verdict.sound ? 0 : 1;
}

/** The committed key of the environment; of a rehearsal the one in its folder, which shows only that nothing was altered. */
function keyFileOf(envelope: string, about: EvidenceAbout | undefined, folder?: string): string {
  const candidates =
    about === undefined
      ? []
      : about.rehearsed
        ? [rehearsalKeyFiles(dirname(dirname(envelope))).publicKey]
        : // The name comes out of a file that nobody has verified yet: it must not lead out of the folder.
          [publicKeyFile(about.environment.replaceAll(/[^A-Za-z0-9._-]|^\.+/g, "_"), folder)];
  const found = candidates.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new KitError("There is no key to verify evidence with", [
    {
      path: "--key",
      found: candidates.length === 0 ? "evidence that names no environment" : `no file ${candidates.join(" or ")}`,
      allowed: "the public key of the environment, PEM",
      mend: "name its file with --key; get it from the environment's repository, not from whoever handed you the evidence",
    },
  ]);
}

function told({ sound, envelope, keyid, refused, about, result, files }: EvidenceVerdict, keyFile: string): string {
  if (refused !== undefined || about === undefined) return `${envelope}: refused: ${refused}.\nNot sound.\n`;
  const marks = { sound: "✔", altered: "✖", missing: "✖", "not named": "✖" } as const;
  const origin = about.rehearsed
    ? ["A rehearsal signed it, with a key that it drew for itself: it is about nothing real."]
    : [];
  return [
    `${about.environment}, ${about.outcome}: ${result}. Signed by the key ${keyid} (${keyFile}).`,
    ...origin,
    ...files.map(({ name, state, why }) => `${marks[state]} ${name}${why === undefined ? "" : `: ${state}: ${why}`}`),
    sound ? `Sound: ${files.length} files are as they were signed.` : "Not sound: do not rely on it.",
    "",
  ].join("\n");
}
