import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { errors, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from "oidc-provider";
import { amrOf, redirect, resource, type Application, type Person } from "./parties";
import type { ProviderMemory } from "./provider-memory";
import type { SigningAlgorithm, SigningKey } from "./signing-key";

export interface ConfigurationArgs {
  readonly audience: string;
  readonly people: readonly Person[];
  readonly applications: readonly Application[];
  readonly tokenSeconds: number;
  readonly clockSkewSeconds: number;
  readonly algorithm: SigningAlgorithm;
  /** The one that signs first. */
  readonly keys: readonly SigningKey[];
  readonly memory: ProviderMemory;
  /** Signs the cookies. */
  readonly cookieKey: string;
}

const socketOf = ({ req }: KoaContextWithOIDC): TLSSocket => req.socket as TLSSocket;
const certificateOf = (context: KoaContextWithOIDC): X509Certificate | undefined =>
  socketOf(context).getPeerX509Certificate();
const nameOf = (application: Application): string => (typeof application === "string" ? application : application.name);

/** What the library is told, so that nothing of it is left to a default that it would warn of. */
export function providerConfiguration(args: ConfigurationArgs): Configuration {
  const { algorithm, applications, clockSkewSeconds, cookieKey, keys, memory, tokenSeconds } = args;
  return {
    adapter: memory.adapter,
    clients: applications.map((application) => clientOf(application, algorithm)),
    clientAuthMethods: ["tls_client_auth"],
    clientBasedCORS: () => false,
    clientDefaults: { id_token_signed_response_alg: algorithm },
    cookies: { keys: [cookieKey] },
    // The library takes the keys over and adds to them.
    jwks: { keys: keys.map(({ privateKey }) => ({ ...privateKey })) },
    pkce: { required: () => true },
    scopes: ["openid"],
    ttl: {
      AccessToken: tokenSeconds,
      ClientCredentials: tokenSeconds,
      AuthorizationCode: 60,
      IdToken: 300,
      Session: 3600,
      Grant: 3600,
      Interaction: 300,
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      // A token is bound to a certificate and to nothing else.
      dPoP: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        certificateBoundAccessTokens: true,
        getCertificate: certificateOf,
        certificateAuthorized: (context) => socketOf(context).authorized,
        certificateSubjectMatches: (context, property, expected) =>
          property === "tls_client_auth_san_dns" &&
          certificateOf(context)?.checkHost(expected, { subject: "never", wildcards: false }) !== undefined,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget("there is one door, and it is another");
          return {
            scope: "use",
            audience: args.audience,
            accessTokenTTL: tokenSeconds,
            accessTokenFormat: "jwt" as const,
            jwt: { sign: { alg: algorithm } },
          };
        },
      },
    },
    formats: {
      customizers: {
        jwt: (_context, _token, { payload }) => {
          for (const claim of ["iat", "exp"]) payload[claim] = Number(payload[claim]) + clockSkewSeconds;
        },
      },
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_context, token) => ("accountId" in token ? claimsOf(token.accountId, args) : own(token, args)),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: grantOf,
    renderError: (context, out) => {
      context.type = "text";
      context.body = `${out.error}: ${out.error_description ?? "no more is known"}\n`;
    },
  };
}

function clientOf(application: Application, algorithm: SigningAlgorithm): ClientMetadata {
  const name = nameOf(application);
  return {
    client_id: name,
    token_endpoint_auth_method: "tls_client_auth",
    tls_client_auth_san_dns: name,
    tls_client_certificate_bound_access_tokens: true,
    id_token_signed_response_alg: algorithm,
    redirect_uris: [redirect],
    // Without groups of its own it may ask for people only.
    grant_types: ["authorization_code", ...(typeof application === "string" ? [] : ["client_credentials"])],
    response_types: ["code"],
  };
}

function claimsOf(account: string, { people }: ConfigurationArgs): Record<string, unknown> {
  const person = people.find(({ name }) => name === account);
  return person === undefined ? {} : { groups: [...person.groups], amr: amrOf(person) };
}

function own(
  { clientId }: { readonly clientId?: string },
  { applications }: ConfigurationArgs,
): Record<string, unknown> {
  const application = applications.find((one) => nameOf(one) === clientId);
  return typeof application === "object" ? { groups: [...application.groups] } : {};
}

/** The company's applications need nobody's consent to ask for the company's own door. */
const grantOf: NonNullable<Configuration["loadExistingGrant"]> = async ({ oidc: { provider, client, session } }) => {
  const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  grant.addOIDCScope("openid");
  grant.addResourceScope(resource, "use");
  await grant.save();
  return grant;
};
