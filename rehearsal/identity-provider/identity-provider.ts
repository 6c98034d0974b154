import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { JWK } from "jose";
import { Provider } from "oidc-provider";
import { loginPage } from "./login-page";
import { amrOf, type Application, type Person } from "./parties";
import { providerConfiguration } from "./provider-configuration";
import { ProviderMemory } from "./provider-memory";
import { drawKey, type SigningAlgorithm, type SigningKey } from "./signing-key";

export type { Application, Person } from "./parties";

export interface IdentityProviderOptions {
  /** Default: any port that is free. */
  readonly port?: number;
  /** PEM: what it shows, and whose certificates applications have. */
  readonly tls: { readonly certificate: string; readonly key: string; readonly authority: string };
  /** What its tokens have in `aud`. */
  readonly audience: string;
  readonly people: readonly Person[];
  readonly applications: readonly Application[];
  /** Lifetime of a token, seconds. Default: 300. */
  readonly tokenSeconds?: number;
  /** By how much `iat` and `exp` of its tokens are ahead of this machine's clock, seconds; may be negative. Default: 0. */
  readonly clockSkewSeconds?: number;
  /** Default: ES256. */
  readonly algorithm?: SigningAlgorithm;
}

/** What a login form may be at most, in bytes. */
const MAX_FORM = 4096;

/**
 * Stands in for the company's identity provider: a real OpenID provider, whose people log in by name alone. Its tokens are
 * bound to the certificate that the application shows (RFC 8705).
 */
export class IdentityProvider {
  private provider: Provider | undefined;
  private handler: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  private keys: readonly SigningKey[] = [];
  private readonly memory = new ProviderMemory();
  private readonly cookieKey = randomBytes(32).toString("hex");

  private constructor(
    private readonly server: Server,
    private readonly options: IdentityProviderOptions,
  ) {}

  /** @throws Error when the port is taken, the PEM is none, or the library refuses an application. */
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
    try {
      await made.rotate();
    } catch (error) {
      await made.stop();
      throw error;
    }
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

  /** The key that signs now, both halves: for forging tokens in trials. Nothing serves or writes it. */
  public get signingKey(): SigningKey {
    const [first] = this.keys;
    if (first === undefined) throw new Error("it is not up yet");
    return first;
  }

  /** Public halves of its keys as a JWK set, in JSON. */
  public jwks(): string {
    return JSON.stringify({ keys: this.publicKeys });
  }

  /** Signs with a new key from now on; those before stay among the public ones until `retire`. */
  public async rotate(): Promise<void> {
    this.use([await drawKey(this.options.algorithm ?? "ES256"), ...this.keys]);
  }

  /** Drops all keys but the one that signs: tokens of the others verify no more. */
  public retire(): void {
    this.use(this.keys.slice(0, 1));
  }

  public async stop(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  /** The library reads its keys once, so other keys are another instance, on the same memory and cookies. */
  private use(keys: readonly SigningKey[]): void {
    const { algorithm = "ES256", clockSkewSeconds = 0, tokenSeconds = 300, ...options } = this.options;
    const { memory, cookieKey } = this;
    const args = { ...options, algorithm, clockSkewSeconds, tokenSeconds, keys, memory, cookieKey };
    this.provider = new Provider(this.issuer, providerConfiguration(args));
    this.handler = this.provider.callback();
    this.keys = keys;
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    if (!(request.url ?? "").startsWith("/interaction/")) return void this.handler(request, response);
    this.interact(request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(400, { "content-type": "text/plain" });
      response.end(`${error.message}\n`);
    });
  }

  /** Takes the person at their word: this is a lab. */
  private async interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = this;
    if (provider === undefined) throw new Error("it is not up yet");
    const { params } = await provider.interactionDetails(request, response);
    if (request.method === "GET") {
      const [application, hint] = ["client_id", "login_hint"].map((name) => params[name]);
      const page = loginPage(String(application), typeof hint === "string" ? hint : "");
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(page);
      return;
    }
    const given = new URLSearchParams(await formOf(request)).get("name");
    const person = this.options.people.find(({ name }) => name === given);
    if (person === undefined) throw new Error("nobody of that name");
    await provider.interactionFinished(request, response, { login: { accountId: person.name, amr: amrOf(person) } });
  }
}

async function formOf(request: IncomingMessage): Promise<string> {
  if (request.method !== "POST" || Number(request.headers["content-length"] ?? Infinity) > MAX_FORM)
    throw new Error("a login is a short form");
  return text(request);
}
