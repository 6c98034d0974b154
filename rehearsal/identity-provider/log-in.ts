import { createHash, randomBytes } from "node:crypto";
import { Agent, request, type Dispatcher } from "undici";
import { redirect, resource } from "./identity-provider";

export interface LogInArgs {
  readonly issuer: string;
  /** PEM: the issuer's authority. */
  readonly authority: string;
  /** The application: its name, and what it shows. PEM. */
  readonly application: { readonly name: string; readonly chain: string; readonly key: string };
  /** The person's name. */
  readonly person: string;
}

/** The whole way of a person through an application: authorization code with PKCE, over mutual TLS. @returns the token. */
export async function logIn({ issuer, authority, application, person }: LogInArgs): Promise<string> {
  const { chain, key, name } = application;
  const dispatcher = new Agent({ connect: { ca: authority, cert: chain, key, checkServerIdentity: () => undefined } });
  try {
    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      client_id: name,
      response_type: "code",
      redirect_uri: redirect,
      scope: "openid use",
      resource,
      login_hint: person,
      code_challenge_method: "S256",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    });
    const code = await follow(`${issuer}/auth?${query.toString()}`, dispatcher);
    const answer = await request(`${issuer}/token`, {
      method: "POST",
      dispatcher,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: name,
        redirect_uri: redirect,
        code,
        code_verifier: verifier,
      }).toString(),
    });
    const said = (await answer.body.json()) as { access_token?: string; error_description?: string };
    if (said.access_token === undefined)
      throw new Error(`no token for ${person}: ${said.error_description ?? answer.statusCode}`);
    return said.access_token;
  } finally {
    await dispatcher.close();
  }
}

/** Follows redirects with their cookies until the application's own address. @returns the code. */
async function follow(start: string, dispatcher: Dispatcher): Promise<string> {
  const cookies = new Map<string, string>();
  let at = start;
  for (let hops = 0; hops < 8; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await request(at, { dispatcher, headers: cookie === "" ? {} : { cookie } });
    const text = await answer.body.text();
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.location;
    if (typeof location !== "string")
      throw new Error(`the issuer answered ${answer.statusCode}: ${text.slice(0, 200)}`);
    const next = new URL(location, at);
    if (next.href.startsWith(redirect)) {
      const code = next.searchParams.get("code");
      if (code === null)
        throw new Error(`the issuer refused: ${next.searchParams.get("error_description") ?? "no reason"}`);
      return code;
    }
    at = next.href;
  }
  throw new Error("the issuer leads in circles");
}
