import { createHash, createPublicKey, randomUUID, X509Certificate } from "node:crypto";
import { CompactSign, importJWK, type JWK } from "jose";
import { drawKey, type SigningAlgorithm, type SigningKey } from "./signing-key";

export interface ForgerArgs {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's key, for what is well signed and yet wrong. */
  readonly signingKey: SigningKey;
  /** PEM of the certificate that whoever shows the token has; of a chain, the first. */
  readonly certificate: string;
  /** PEM of one that they do not have. */
  readonly otherCertificate: string;
  /** The application's name, as `client_id`. */
  readonly application: string;
  /** Somebody with every right: a token that is refused is then refused for what is wrong with it. */
  readonly person: { readonly name: string; readonly groups: readonly string[] };
  /** Where the header says that the attacker's keys are. Default: a name that nobody can have. */
  readonly attackerAddress?: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** By what a token names a certificate: RFC 8705, section 3.1. @param certificate PEM; of a chain, the first counts. */
export const thumbprintOf = (certificate: string): string =>
  createHash("sha256").update(new X509Certificate(certificate).raw).digest("base64url");

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const encoded = (text: string): string => Buffer.from(text).toString("base64url");
const seconds = (): number => Math.floor(Date.now() / 1000);
const poor = ["visitors"];

export const forgeryNames = [
  "algorithm none",
  "algorithm none in capitals",
  "no signature",
  "signed with the public key as a secret, JWK",
  "signed with the public key as a secret, PEM",
  "another audience",
  "another issuer",
  "expired",
  "not yet valid",
  "no expiry",
  "without a second factor",
  "without amr",
  "bound to no certificate",
  "bound to another certificate",
  "an unknown key under a known kid",
  "an unknown key under its own kid",
  "the attacker's key in the header",
  "the attacker's key set at an address in the header",
  "groups as text",
  "groups twice, the true ones first",
  "groups twice, the true ones last",
  "audience twice",
] as const;
export type ForgeryName = (typeof forgeryNames)[number];

/**
 * Makes tokens as a thief, a liar or a careless issuer would. Each differs from `genuine` in what its name says and in
 * nothing else, so that a refusal can have one cause only.
 */
export class Forger {
  private constructor(
    private readonly args: ForgerArgs,
    /** A key that the issuer never had, under a `kid` of its own. */
    public readonly attacker: SigningKey,
  ) {}

  public static async make(args: ForgerArgs): Promise<Forger> {
    return new Forger(args, await drawKey(algorithmOf(args.signingKey.publicKey)));
  }

  /** As the issuer gives it: what every forgery is compared with. */
  public genuine(): Promise<string> {
    return this.signed(this.claims());
  }

  public async forge(name: ForgeryName): Promise<string> {
    const { certificate: _certificate, otherCertificate, signingKey, ...args } = this.args;
    const { attackerAddress = "https://attacker.invalid/jwks.json" } = args;
    const { attacker } = this;
    switch (name) {
      case "algorithm none":
        return this.unsigned("none");
      case "algorithm none in capitals":
        return this.unsigned("NONE");
      case "no signature":
        return (await this.genuine()).replace(/[^.]*$/, "");
      case "signed with the public key as a secret, JWK":
        return this.withSecret(JSON.stringify(signingKey.publicKey));
      case "signed with the public key as a secret, PEM":
        return this.withSecret(pemOf(signingKey.publicKey));
      case "another audience":
        return this.signed(this.claims({ aud: `${args.audience}-of-another` }));
      case "another issuer":
        return this.signed(this.claims({ iss: "https://login.attacker.invalid" }));
      case "expired":
        return this.signed(this.claims({ iat: seconds() - 7200, exp: seconds() - 3600 }));
      case "not yet valid":
        return this.signed(this.claims({ nbf: seconds() + 3600, exp: seconds() + 7200 }));
      case "no expiry":
        return this.signed(this.claims({ exp: undefined }));
      case "without a second factor":
        return this.signed(this.claims({ amr: ["pwd"] }));
      case "without amr":
        return this.signed(this.claims({ amr: undefined }));
      case "bound to no certificate":
        return this.signed(this.claims({ cnf: undefined }));
      case "bound to another certificate":
        return this.signed(this.claims({ cnf: { "x5t#S256": thumbprintOf(otherCertificate) } }));
      case "an unknown key under a known kid":
        return this.signed(this.claims(), { kid: signingKey.publicKey.kid }, attacker);
      case "an unknown key under its own kid":
        return this.signed(this.claims(), {}, attacker);
      case "the attacker's key in the header":
        return this.signed(this.claims(), { jwk: attacker.publicKey }, attacker);
      case "the attacker's key set at an address in the header":
        return this.signed(this.claims(), { jku: attackerAddress }, attacker);
      case "groups as text":
        return this.signed(this.claims({ groups: args.person.groups.join(",") }));
      case "groups twice, the true ones first":
        return this.signedText(this.withTwice("groups", poor, "after"));
      case "groups twice, the true ones last":
        return this.signedText(this.withTwice("groups", poor, "before"));
      case "audience twice":
        return this.signedText(this.withTwice("aud", "another", "before"));
    }
  }

  /** @param more claims said otherwise; `undefined` leaves one out. */
  private claims(more: Claims = {}): Claims {
    const { application, audience, certificate, issuer, person } = this.args;
    return {
      iss: issuer,
      aud: audience,
      sub: person.name,
      client_id: application,
      groups: person.groups,
      amr: ["pwd", "otp"],
      scope: "use",
      jti: randomUUID(),
      iat: seconds(),
      exp: seconds() + 300,
      cnf: { "x5t#S256": thumbprintOf(certificate) },
      ...more,
    };
  }

  private signed(claims: Claims, header: Claims = {}, key: SigningKey = this.args.signingKey): Promise<string> {
    return this.signedText(JSON.stringify(claims), header, key);
  }

  /** The text is signed as it is: no object can hold a claim twice. */
  private async signedText(text: string, header: Claims = {}, key: SigningKey = this.args.signingKey): Promise<string> {
    const alg = algorithmOf(key.publicKey);
    return new CompactSign(bytes(text))
      .setProtectedHeader({ alg, typ: "at+jwt", kid: key.publicKey.kid, ...header })
      .sign(await importJWK(key.privateKey, alg));
  }

  private withTwice(claim: string, value: unknown, where: "before" | "after"): string {
    const whole = JSON.stringify(this.claims());
    const second = `${JSON.stringify(claim)}:${JSON.stringify(value)}`;
    return where === "before" ? `{${second},${whole.slice(1)}` : `${whole.slice(0, -1)},${second}}`;
  }

  private unsigned(alg: string): string {
    const { kid } = this.args.signingKey.publicKey;
    const header = JSON.stringify({ alg, typ: "at+jwt", kid });
    return `${encoded(header)}.${encoded(JSON.stringify(this.claims()))}.`;
  }

  private withSecret(secret: string): Promise<string> {
    const { kid } = this.args.signingKey.publicKey;
    return new CompactSign(bytes(JSON.stringify(this.claims())))
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid })
      .sign(bytes(secret));
  }
}

const algorithmOf = ({ alg }: JWK): SigningAlgorithm => alg as SigningAlgorithm;

const pemOf = (key: JWK): string =>
  createPublicKey({ key: { ...key }, format: "jwk" })
    .export({ type: "spki", format: "pem" })
    .toString();
