import { createHash, createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { EnvelopeError } from "./envelope-error";
import { statementMistake, statementPayloadType, type Statement } from "./statement";

/** A DSSE envelope (Dead Simple Signing Envelope 1.0.2): some bytes, what they are, and who signed both. */
export interface Envelope {
  readonly payloadType: string;
  /** Base64 of the bytes that were signed. */
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** By what a key is found again; it is not signed, and proves nothing: see `keyId`. */
  readonly keyid: string;
  /** Base64 of 64 bytes: Ed25519 over the pre-authentication encoding of the payload and its type. */
  readonly sig: string;
}

/** What is really signed: the payload with its type, each with its length, so that neither can be taken for the other. */
export function preAuthenticationEncoding(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** A key's name: SHA-256 of the public key (DER, SubjectPublicKeyInfo), 64 hexadecimal digits. Takes either half of a pair. */
export function keyId(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/**
 * Signs a statement. The same statement and key give the same bytes: Ed25519 draws nothing by chance.
 *
 * @throws EnvelopeError where the key is no Ed25519 key, or what is to be signed is no statement.
 */
export function signStatement(statement: Statement, privateKey: KeyObject): Envelope {
  requireEd25519(privateKey, "private");
  const mistake = statementMistake(statement);
  if (mistake !== undefined) throw new EnvelopeError(mistake);
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = sign(null, preAuthenticationEncoding(statementPayloadType, payload), privateKey);
  return {
    payloadType: statementPayloadType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: keyId(privateKey), sig: signature.toString("base64") }],
  };
}

/**
 * Opens an envelope that the given key signed.
 *
 * @param envelope as parsed from JSON: its shape is checked here.
 * @returns the statement. Whether its subjects have the digests it names is for the caller to see.
 * @throws EnvelopeError with what is wrong: no envelope, another kind of payload, signed by another key, altered, or no
 *   statement.
 */
export function verifyEnvelope(envelope: unknown, publicKey: KeyObject): Statement {
  requireEd25519(publicKey, "public");
  const { payloadType, payload, signatures } = envelopeOf(envelope);
  if (payloadType !== statementPayloadType) {
    throw new EnvelopeError(`the payload's type is ${JSON.stringify(payloadType)}, not ${statementPayloadType}`);
  }
  const bytes = strictBase64(payload, "payload");
  const signed = preAuthenticationEncoding(payloadType, bytes);
  const held = signatures.map(({ keyid, sig }) => ({ keyid, sig: strictBase64(sig, "signature") }));
  if (!held.some(({ sig }) => verify(null, signed, publicKey, sig))) throw notSignedBy(publicKey, signatures);
  return statementIn(bytes);
}

/**
 * What an envelope says before anybody has seen whether it is true: only to find out which key it has to be verified by.
 *
 * @throws EnvelopeError where it holds no statement.
 */
export const unverifiedStatement = (envelope: unknown): Statement =>
  statementIn(strictBase64(envelopeOf(envelope).payload, "payload"));

function statementIn(bytes: Buffer): Statement {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new EnvelopeError("the payload is not JSON");
  }
  const mistake = statementMistake(value);
  if (mistake !== undefined) throw new EnvelopeError(mistake);
  return value as Statement;
}

function envelopeOf(value: unknown): Envelope {
  const { payloadType, payload, signatures } = ((typeof value === "object" ? value : null) as Partial<Envelope>) ?? {};
  if (typeof payloadType !== "string" || typeof payload !== "string" || !Array.isArray(signatures)) {
    throw new EnvelopeError("it is no DSSE envelope: payloadType, payload and signatures are what one holds");
  }
  const whole = (signatures as readonly Partial<EnvelopeSignature>[]).every(
    (one) => typeof one?.keyid === "string" && typeof one.sig === "string",
  );
  if (signatures.length === 0 || !whole) throw new EnvelopeError("it has no signature");
  return { payloadType, payload, signatures };
}

/** Node's decoder passes over what it cannot read; two texts for the same bytes are one too many here. */
function strictBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  if (bytes.toString("base64") !== plain) throw new EnvelopeError(`the ${what} is not base64`);
  return bytes;
}

function notSignedBy(publicKey: KeyObject, signatures: readonly EnvelopeSignature[]): EnvelopeError {
  const expected = keyId(publicKey);
  const named = signatures.map(({ keyid }) => keyid);
  return new EnvelopeError(
    named.includes(expected)
      ? `the signature does not fit what it signs: the envelope was altered after the key ${expected} signed it`
      : `it was signed by the key ${named.join(", ")}, not by ${expected}`,
  );
}

function requireEd25519(key: KeyObject, type: "public" | "private"): void {
  if (key.type === type && key.asymmetricKeyType === "ed25519") return;
  throw new EnvelopeError(`an Ed25519 ${type} key is needed, not ${key.asymmetricKeyType ?? "a secret"} (${key.type})`);
}
