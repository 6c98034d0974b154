import { createHash, createPublicKey, randomBytes } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([uint32(bytes.length), bytes]);
};
/** A positive number as RFC 4251 writes it: no leading zeros, and one where the top bit would read as a sign. */
const integer = (field: string | undefined): Buffer => {
  const bytes = Buffer.from(field ?? "", "base64url");
  const first = bytes.findIndex((byte) => byte !== 0);
  const trimmed = bytes.subarray(first < 0 ? bytes.length : first);
  return string((trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), trimmed]) : trimmed);
};
const raw = (field: string | undefined): Buffer => Buffer.from(field ?? "", "base64url");

const curves: Readonly<Record<string, string>> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };

/** The fields that public and private encodings share, each already in SSH wire form, and the private ones after. */
function fields(key: JsonWebKey): { type: string; open: Buffer[]; closed: Buffer[] } {
  if (key.kty === "RSA") {
    return {
      type: "ssh-rsa",
      open: [integer(key.e), integer(key.n)],
      closed: [integer(key.n), integer(key.e), integer(key.d), integer(key.qi), integer(key.p), integer(key.q)],
    };
  }
  if (key.kty === "EC") {
    const curve = curves[key.crv ?? ""] as string;
    const open = [string(curve), string(Buffer.concat([Buffer.from([4]), raw(key.x), raw(key.y)]))];
    return { type: `ecdsa-sha2-${curve}`, open, closed: [...open, integer(key.d)] };
  }
  const open = [string(raw(key.x))];
  return { type: "ssh-ed25519", open, closed: [...open, string(Buffer.concat([raw(key.d), raw(key.x)]))] };
}

export interface PublicForms {
  readonly publicKeyOpenssh: string;
  readonly publicKeyFingerprintMd5: string;
  readonly publicKeyFingerprintSha256: string;
}

const publicBlob = (key: KeyObject): Buffer => {
  const { type, open } = fields(createPublicKey(key).export({ format: "jwk" }));
  return Buffer.concat([string(type), ...open]);
};

/** The `authorized_keys` line and its fingerprints, of an RSA, P-256, P-384, P-521 or Ed25519 private key. */
export function publicForms(key: KeyObject): PublicForms {
  const blob = publicBlob(key);
  const { type } = fields(createPublicKey(key).export({ format: "jwk" }));
  const md5 = createHash("md5").update(blob).digest("hex");
  return {
    publicKeyOpenssh: `${type} ${blob.toString("base64")}\n`,
    publicKeyFingerprintMd5: (md5.match(/../g) ?? []).join(":"),
    publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
  };
}

/** The key as OpenSSH's own private key file, without a passphrase. */
export function privateForm(key: KeyObject): string {
  const { type, closed } = fields(key.export({ format: "jwk" }));
  // Both copies of the number must agree after decryption; with no cipher it only fills the format.
  const check = randomBytes(4);
  const body = Buffer.concat([check, check, string(type), ...closed, string("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    string("none"),
    string("none"),
    string(""),
    uint32(1),
    string(publicBlob(key)),
    string(Buffer.concat([body, padding])),
  ]);
  const lines = file.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}
