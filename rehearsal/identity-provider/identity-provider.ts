import type { X509Certificate } from "node:crypto";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider, type Configuration, type KoaContextWithOIDC } from "oidc-provider";

export interface Person {
  readonly name: string;
  readonly groups: readonly string[];
  /** They show a second factor when they log in. */
  readonly secondFactor: boolean;
}

export interface IdentityProviderOptions {
  /** Default: any port that is free. */
  readonly port?: number;
  /** PEM: what it shows, and whose certificates applications have. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly authority: string };
  /** What its tokens have in `aud`. */
  readonly audience: string;
  readonly people: readonly Person[];
  /** DNS names in the certificates of applications. */
  readonly applications: readonly string[];
  /** Lifetime of a token, seconds. Default: 300. */
  readonly tokenSeconds?: number;
}

/** What a token is asked for: an address, as RFC 8707 wants it. */
export const resource = "https://door.cloister.internal";
export const redirect = "https://application.cloister.internal/callback";

interface Key {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

async function drawKey(): Promise<Key> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const all = { ...(await exportJWK(privateKey)), kid: randomBytes(8).toString("hex"), alg: "ES256", use: "sig" };
  const { d: _d, ...publicKey } = all;
  return { privateKey: all, publicKey };
}

/**
 * Stands in for the company's identity provider: a real OpenID provider, whose people log in by name alone. Its tokens are
 * bound to the certificate that the application shows (RFC 8705).
 */
export class IdentityProvider {
  private handler: ReturnType<Provider["callback"]> = () => Promise.resolve();
  private provider: Provider | undefined;
  private keys: readonly Key[] = [];

  private constructor(
    private readonly server: Server,
    private readonly options: IdentityProviderOptions,
  ) {}

  public static async start(options: IdentityProviderOptions): Promise<IdentityProvider> {
    const { certificate, key, authority } = options.tls;
    // Whoever has no certificate may read what is public; tokens are for those who show one.
    const server = createServer(
      { cert: certificate, key, ca: authority, requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.3" },
      (request, response) => made.take(request, response),
    );
    const made = new IdentityProvider(server, options);
    server.listen(options.port ?? 0, "127.0.0.1");
    await once(server, "listening");
    await made.rotate();
    return made;
  }

  /** Its address, and the `iss` of its tokens. */
  public get issuer(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Public halves of its keys, the one that signs first. */
  public get publicKeys(): readonly JWK[] {
    return this.keys.map(({ publicKey }) => publicKey);
  }

  /** Signs with a new key from now on; the one before stays among the public ones. */
  public async rotate(): Promise<void> {
    this.keys = [await drawKey(), ...this.keys.slice(0, 1)];
    this.provider = new Provider(this.issuer, this.configuration());
    this.handler = this.provider.callback();
  }

  public async stop(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    if (!(request.url ?? "").startsWith("/interaction/")) return void this.handler(request, response);
    this.logIn(request, response).catch(() => response.writeHead(400).end("Nobody of that name.\n"));
  }

  /** Takes the person at their word: this is a lab. */
  private async logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = this;
    if (provider === undefined) throw new Error("it is not up yet");
    const { params } = await provider.interactionDetails(request, response);
    const person = this.options.people.find(({ name }) => name === params["login_hint"]);
    if (person === undefined) throw new Error("nobody of that name");
    await provider.interactionFinished(request, response, { login: { accountId: person.name, amr: amrOf(person) } });
  }

  private configuration(): Configuration {
    const { applications, audience, people, tokenSeconds = 300 } = this.options;
    const socketOf = ({ req }: KoaContextWithOIDC): TLSSocket => req.socket as TLSSocket;
    const certificateOf = (context: KoaContextWithOIDC): X509Certificate | undefined =>
      socketOf(context).getPeerX509Certificate();
    return {
      clients: applications.map((name) => ({
        client_id: name,
        token_endpoint_auth_method: "tls_client_auth" as const,
        tls_client_auth_san_dns: name,
        tls_client_certificate_bound_access_tokens: true,
        id_token_signed_response_alg: "ES256" as const,
        redirect_uris: [redirect],
        grant_types: ["authorization_code"],
        response_types: ["code" as const],
      })),
      jwks: { keys: this.keys.map(({ privateKey }) => privateKey) },
      clientAuthMethods: ["tls_client_auth"],
      cookies: { keys: [randomBytes(16).toString("hex")] },
      scopes: ["openid"],
      ttl: {
        AccessToken: tokenSeconds,
        AuthorizationCode: 60,
        IdToken: 300,
        Session: 3600,
        Grant: 3600,
        Interaction: 300,
      },
      features: {
        devInteractions: { enabled: false },
        mTLS: {
          enabled: true,
          tlsClientAuth: true,
          certificateBoundAccessTokens: true,
          getCertificate: certificateOf,
          certificateAuthorized: (context) => socketOf(context).authorized,
          certificateSubjectMatches: (context, property, expected) =>
            property === "tls_client_auth_san_dns" &&
            (certificateOf(context)?.subjectAltName ?? "").split(", ").includes(`DNS:${expected}`),
        },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => resource,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: "use",
            audience,
            accessTokenTTL: tokenSeconds,
            accessTokenFormat: "jwt" as const,
            jwt: { sign: { alg: "ES256" as const } },
          }),
        },
      },
      findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
      extraTokenClaims: (_context, token) => {
        const person = people.find(({ name }) => "accountId" in token && name === token.accountId);
        return person === undefined ? {} : { groups: [...person.groups], amr: amrOf(person) };
      },
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      // The company's applications need nobody's consent to ask for the company's own door.
      loadExistingGrant: async (context) => {
        const { provider, client, session } = context.oidc;
        const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope("openid");
        grant.addResourceScope(resource, "use");
        await grant.save();
        return grant;
      },
    };
  }
}

/** RFC 8176: a password, and a one-time one on top. */
const amrOf = ({ secondFactor }: Person): string[] => (secondFactor ? ["pwd", "otp"] : ["pwd"]);
