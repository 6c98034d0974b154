import { createHash, randomBytes } from "node:crypto";
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTVerifyResult } from "jose";
import { Agent, request, type Dispatcher } from "undici";
import { IdentityProvider, type IdentityProviderOptions } from "../../../rehearsal/identity-provider/identity-provider";
import type { LogInArgs } from "../../../rehearsal/identity-provider/log-in";
import { redirect, resource } from "../../../rehearsal/identity-provider/parties";
import { Circles, type Shown } from "../../components/platform/gateway/circles";

export const ada = { name: "ada@example.com", groups: ["llm-users", "staff"], secondFactor: true };
export const bob = { name: "bob@example.com", groups: ["llm-users"], secondFactor: false };

/** A provider, and applications with certificates of the company's. */
export class ProviderWorld {
  private constructor(
    public readonly circles: Circles,
    public readonly provider: IdentityProvider,
    public readonly application: Shown,
  ) {}

  public static async make(more: Partial<IdentityProviderOptions> = {}): Promise<ProviderWorld> {
    const circles = await Circles.make();
    const own = await circles.issue("services", ["login.example.internal"]);
    const provider = await IdentityProvider.start({
      tls: { certificate: own.chain, key: own.key, authority: circles.trust("clients") },
      audience: "cloister",
      applications: ["support-desk", "code-review", { name: "night-batch", groups: ["batch"] }],
      people: [ada, bob],
      ...more,
    });
    return new ProviderWorld(circles, provider, await circles.issue("clients", ["support-desk"]));
  }

  /** What a login of an application takes. */
  public args(person: string, shown: Shown = this.application, name = "support-desk"): LogInArgs {
    const authority = this.circles.trust("services");
    return { issuer: this.provider.issuer, authority, application: { name, ...shown }, person };
  }

  /** As a door would, against a set of keys that it has. */
  public verified(token: string, jwks: string = this.provider.jwks()): Promise<JWTVerifyResult> {
    const { issuer } = this.provider;
    const keys = createLocalJWKSet(JSON.parse(jwks) as JSONWebKeySet);
    return jwtVerify(token, keys, { issuer, audience: "cloister", algorithms: ["ES256", "PS256"] });
  }

  /** An application's connections, to take a login's steps one by one. Without a certificate: nobody's. */
  public agent(shown: Partial<Shown> = this.application): Agent {
    const ca = this.circles.trust("services");
    return new Agent({ connect: { ca, cert: shown.chain, key: shown.key, checkServerIdentity: () => undefined } });
  }

  public authorizationAddress(more: Record<string, string | undefined> = {}): { address: string; verifier: string } {
    const verifier = randomBytes(32).toString("base64url");
    const parameters = {
      client_id: "support-desk",
      response_type: "code",
      redirect_uri: redirect,
      scope: "openid use",
      resource,
      code_challenge_method: "S256",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      ...more,
    };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
    return { address: `${this.provider.issuer}/auth?${query.toString()}`, verifier };
  }

  public async token(dispatcher: Dispatcher, parameters: Record<string, string>): Promise<Answer> {
    const answer = await request(`${this.provider.issuer}/token`, {
      method: "POST",
      dispatcher,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ client_id: "support-desk", redirect_uri: redirect, ...parameters }).toString(),
    });
    return { status: answer.statusCode, said: (await answer.body.json()) as Answer["said"] };
  }
}

export interface Answer {
  readonly status: number;
  readonly said: Readonly<Record<string, unknown>>;
}

/** A browser that goes one step at a time. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  public constructor(private readonly dispatcher: Dispatcher) {}

  /** @param form is posted where it is given. @returns the status, the page, and where the answer leads. */
  public async go(
    address: string,
    form?: Record<string, string>,
  ): Promise<{ status: number; page: string; to: string }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers: Record<string, string> = { cookie };
    if (form !== undefined) headers["content-type"] = "application/x-www-form-urlencoded";
    const answer = await request(address, {
      method: form === undefined ? "GET" : "POST",
      dispatcher: this.dispatcher,
      headers,
      body: form === undefined ? undefined : new URLSearchParams(form).toString(),
    });
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies.set(name, value);
    }
    const { location } = answer.headers;
    const to = typeof location === "string" ? new URL(location, address).href : "";
    return { status: answer.statusCode, page: await answer.body.text(), to };
  }
}
