import { createCipheriv, pbkdf2Sync } from "node:crypto";

/** Rounds of PBKDF2-HMAC-SHA-256: the least that OWASP's password storage guide of 2023 names. */
export const sealIterations = 600_000;

/** Where the sealed archive lies on the first server until it is opened. */
export const sealedPath = "/etc/cloister/authorities.sealed";
const openerPath = "/usr/local/sbin/cloister-open-authorities";
const unit = "cloister-authorities.service";

/**
 * Seals an archive so that `openssl enc -d -aes-256-cbc -pbkdf2` opens it: what every Ubuntu brings. It keeps a reader of
 * the medium out; who can alter the medium can alter the installer as well, so it is not signed.
 *
 * @param salt 8 bytes, random.
 */
export function sealArchive(archive: Buffer, passphrase: string, salt: Buffer): Buffer {
  const derived = pbkdf2Sync(passphrase, salt, sealIterations, 48, "sha256");
  const cipher = createCipheriv("aes-256-cbc", derived.subarray(0, 32), derived.subarray(32));
  return Buffer.concat([Buffer.from("Salted__"), salt, cipher.update(archive), cipher.final()]);
}

const opener = `#!/bin/sh
# Opens the authorities of the cluster, once, by the passphrase of whoever carried it here. One wrong passphrase in 256
# looks right to openssl, so what came out is looked at too.
set -eu
[ -e ${sealedPath} ] || exit 0
umask 077
work=$(mktemp -d /run/cloister-authorities.XXXXXX)
trap 'rm -rf "$work"' EXIT
until systemd-ask-password --timeout=0 "Passphrase of the cluster's authorities:" |
  openssl enc -d -aes-256-cbc -pbkdf2 -iter ${sealIterations} -md sha256 -pass stdin \\
    -in ${sealedPath} -out "$work/authorities.tar" && tar -tf "$work/authorities.tar" | grep -q /service.key; do
  echo "That passphrase does not open them." >&2
done
tar -x --no-same-owner --no-same-permissions -C / -f "$work/authorities.tar"
shred -u ${sealedPath}
`;

const service = `[Unit]
Description=Authorities of the cluster
Before=rke2-server.service
ConditionPathExists=${sealedPath}

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=infinity
ExecStart=${openerPath}

[Install]
RequiredBy=rke2-server.service
`;

/** Files of the first server that open the archive before RKE2 starts: absolute path to text. */
export const openerFiles: Readonly<Record<string, string>> = {
  [openerPath]: opener,
  [`/etc/systemd/system/${unit}`]: service,
};

/** Those of them that are run. */
export const openerExecutables: readonly string[] = [openerPath];
export const openerUnit = unit;
