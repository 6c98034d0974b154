import { createHash, randomBytes } from "node:crypto";
import { Agent, request, type Dispatcher } from "undici";
import { redirect, resource, type Granted } from "./parties";

export interface ApplicationArgs {
  readonly issuer: string;
  /** PEM: the issuer's authority. */
  readonly authority: string;
  /** The application: its name, and what it shows. PEM. */
  readonly application: { readonly name: string; readonly chain: string; readonly key: string };
}

export interface LogInArgs extends ApplicationArgs {
  /** The person's name. */
  readonly person: string;
}

/** The whole way of a person through an application: authorization code with PKCE, over mutual TLS. @returns the token. */
export async function logIn(args: LogInArgs): Promise<string> {
  return (await grantedToPerson(args)).accessToken;
}

/**
 * As `logIn`, with the lifetime that the issuer told.
 *
 * @throws Error when the issuer refuses the person or the application, with what it said.
 */
export function grantedToPerson({ person, ...args }: LogInArgs): Promise<Granted> {
  const { issuer, application } = args;
  return connected(args, async (dispatcher) => {
    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      client_id: application.name,
      response_type: "code",
      redirect_uri: redirect,
      scope: "openid use",
      resource,
      login_hint: person,
      code_challenge_method: "S256",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    });
    const code = await follow(`${issuer}/auth?${query.toString()}`, person, dispatcher);
    const proof = { grant_type: "authorization_code", redirect_uri: redirect, code, code_verifier: verifier };
    return ask(args, person, proof, dispatcher);
  });
}

/**
 * A token of an application in its own name, without a person.
 *
 * @throws Error when the issuer refuses it, with what it said.
 */
export function grantedToApplication(args: ApplicationArgs): Promise<Granted> {
  const wish = { grant_type: "client_credentials", scope: "use", resource };
  return connected(args, (dispatcher) => ask(args, args.application.name, wish, dispatcher));
}

async function connected<T>(
  { authority, application: { chain, key } }: ApplicationArgs,
  then: (dispatcher: Dispatcher) => Promise<T>,
): Promise<T> {
  // The issuer's address is a number, which no certificate of a circle holds: its authority is what counts.
  const dispatcher = new Agent({ connect: { ca: authority, cert: chain, key, checkServerIdentity: () => undefined } });
  try {
    return await then(dispatcher);
  } finally {
    await dispatcher.close();
  }
}

async function ask(
  { issuer, application }: ApplicationArgs,
  forWhom: string,
  parameters: Record<string, string>,
  dispatcher: Dispatcher,
): Promise<Granted> {
  const { statusCode, body } = await post(
    `${issuer}/token`,
    { client_id: application.name, ...parameters },
    {},
    dispatcher,
  );
  const said = (await body.json()) as { access_token?: string; expires_in?: number; error_description?: string };
  if (said.access_token === undefined || said.expires_in === undefined)
    throw new Error(`no token for ${forWhom}: ${said.error_description ?? statusCode}`);
  return { accessToken: said.access_token, expiresIn: said.expires_in };
}

const post = (
  url: string,
  form: Record<string, string>,
  headers: Record<string, string>,
  dispatcher: Dispatcher,
): Promise<Dispatcher.ResponseData> =>
  request(url, {
    method: "POST",
    dispatcher,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(form).toString(),
  });

/** Follows redirects with their cookies, and logs in where it is asked, until the application's own address. @returns the code. */
async function follow(start: string, person: string, dispatcher: Dispatcher): Promise<string> {
  const cookies = new Map<string, string>();
  let [at, method] = [start, "GET"];
  for (let hops = 0; hops < 8; hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers: Record<string, string> = cookie === "" ? {} : { cookie };
    const answer = await (method === "GET"
      ? request(at, { dispatcher, headers })
      : post(at, { name: person }, headers, dispatcher));
    const body = await answer.body.text();
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    if (answer.statusCode === 200 && method === "GET") {
      method = "POST";
      continue;
    }
    const { location } = answer.headers;
    if (typeof location !== "string")
      throw new Error(`the issuer answered ${answer.statusCode}: ${body.slice(0, 200)}`);
    const next = new URL(location, at);
    if (next.href.startsWith(redirect)) return codeOf(next);
    [at, method] = [next.href, "GET"];
  }
  throw new Error("the issuer leads in circles");
}

function codeOf({ searchParams }: URL): string {
  const code = searchParams.get("code");
  if (code === null) throw new Error(`the issuer refused: ${searchParams.get("error_description") ?? "no reason"}`);
  return code;
}
