import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  keyId,
  preAuthenticationEncoding,
  signStatement,
  unverifiedStatement,
  verifyEnvelope,
} from "../../../policies/attestation/dsse";
import { EnvelopeError } from "../../../policies/attestation/envelope-error";
import { statementOf, statementPayloadType } from "../../../policies/attestation/statement";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const statement = statementOf([{ name: "page", digest: { sha256: sha256("page") } }], "https://cloister.dev/test/v1", {
  result: "PASSED",
});
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");
const envelope = signStatement(statement, privateKey);

/** An envelope whose signature is right, over whatever it holds. */
function enveloped(payload: string, payloadType = statementPayloadType): object {
  const bytes = Buffer.from(payload);
  const sig = sign(null, preAuthenticationEncoding(payloadType, bytes), privateKey).toString("base64");
  return { payloadType, payload: bytes.toString("base64"), signatures: [{ keyid: keyId(privateKey), sig }] };
}

describe("a signed statement", () => {
  it("comes out as it went in, the same bytes each time", () => {
    expect(verifyEnvelope(JSON.parse(JSON.stringify(envelope)), publicKey)).toEqual(statement);
    expect(signStatement(statement, privateKey)).toEqual(envelope);
    expect(unverifiedStatement(envelope)).toEqual(statement);
  });

  it("names its key by the digest of the public half, whichever half is at hand", () => {
    const spki = publicKey.export({ type: "spki", format: "der" });
    expect(envelope.signatures[0]?.keyid).toBe(createHash("sha256").update(spki).digest("hex"));
    expect(keyId(privateKey)).toBe(keyId(publicKey));
  });

  it("counts bytes, not characters, in what it signs", () => {
    // The specification's own example, and a type outside ASCII.
    expect(preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world")).toString()).toBe(
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
    );
    expect(preAuthenticationEncoding("é", Buffer.from("é")).toString()).toBe("DSSEv1 2 é 2 é");
  });

  it("may be in the web's base64, and signed by others besides", () => {
    const web = (text: string) =>
      Buffer.from(text, "base64").toString("base64").replaceAll("+", "-").replaceAll("/", "_");
    const both = [...signStatement(statement, stranger.privateKey).signatures, ...envelope.signatures];
    const signatures = both.map(({ keyid, sig }) => ({ keyid, sig: web(sig) }));
    expect(verifyEnvelope({ ...envelope, payload: web(envelope.payload), signatures }, publicKey)).toEqual(statement);
  });
});

describe("an envelope is refused", () => {
  const [signature] = envelope.signatures;
  const payload = Buffer.from(envelope.payload, "base64");
  const flipped = Buffer.from(payload);
  flipped[20]! ^= 1;
  const refused: Readonly<Record<string, readonly [unknown, string]>> = {
    "with one bit of the payload flipped": [{ ...envelope, payload: flipped.toString("base64") }, "was altered after"],
    "with one bit of the signature flipped": [
      {
        ...envelope,
        signatures: [{ ...signature, sig: `${signature!.sig.startsWith("A") ? "B" : "A"}${signature!.sig.slice(1)}` }],
      },
      "was altered after",
    ],
    "of another key": [signStatement(statement, stranger.privateKey), `not by ${keyId(publicKey)}`],
    "of another key that names ours": [
      {
        ...envelope,
        signatures: [{ ...signStatement(statement, stranger.privateKey).signatures[0], keyid: keyId(publicKey) }],
      },
      "was altered after",
    ],
    "of another kind of payload": [enveloped("{}", "text/plain"), 'type is "text/plain"'],
    "with blanks in its base64": [{ ...envelope, payload: ` ${envelope.payload}` }, "payload is not base64"],
    "without a signature": [{ ...envelope, signatures: [] }, "no signature"],
    "with half a signature": [{ ...envelope, signatures: [{ keyid: "ab" }] }, "no signature"],
    "that is none": [null, "no DSSE envelope"],
    "that is a list": [[], "no DSSE envelope"],
    "whose payload is not JSON": [enveloped("page"), "not JSON"],
    "of another version": [
      enveloped(JSON.stringify({ ...statement, _type: "https://in-toto.io/Statement/v0.1" })),
      "_type",
    ],
    "about nothing": [enveloped(JSON.stringify({ ...statement, subject: [] })), "no subject"],
    "about one thing twice": [
      enveloped(JSON.stringify({ ...statement, subject: [...statement.subject, ...statement.subject] })),
      "page is named twice",
    ],
    "about a thing without a digest": [
      enveloped(JSON.stringify({ ...statement, subject: [{ name: "page", digest: { sha1: "ab" } }] })),
      "page has no SHA-256",
    ],
    "that claims nothing": [enveloped(JSON.stringify({ ...statement, predicate: undefined })), "no predicate"],
  };
  it.each(Object.entries(refused))("%s", (_, [broken, why]) => {
    expect(() => verifyEnvelope(broken, publicKey)).toThrow(EnvelopeError);
    expect(() => verifyEnvelope(broken, publicKey)).toThrow(why);
  });

  it("before it is made, where the key or the statement is none", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(() => signStatement(statement, rsa.privateKey)).toThrow("Ed25519 private key is needed, not rsa");
    expect(() => signStatement(statement, publicKey)).toThrow("Ed25519 private key is needed");
    expect(() => verifyEnvelope(envelope, privateKey)).toThrow("Ed25519 public key is needed");
    expect(() => signStatement({ ...statement, subject: [] }, privateKey)).toThrow("no subject");
  });
});
