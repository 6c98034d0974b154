import { typed, type EnvoyDoor } from "./envoy";
import type { Properties } from "../rule";

const list = (value: unknown): Properties[] => (Array.isArray(value) ? value : []);
const tokenFilterName = "envoy.filters.http.jwt_authn";

/** The filter that verifies tokens: in the door's own configuration, or in a file beside it that Envoy follows. */
function tokenFilter({ http }: EnvoyDoor, files: ReadonlyMap<string, Properties>): Properties {
  const filter = list(http.http_filters).find(({ name, disabled }) => name === tokenFilterName && disabled !== true);
  if (filter === undefined || filter.typed_config !== undefined) return filter?.typed_config;
  const path = String(filter.config_discovery?.config_source?.path_config_source?.path ?? "");
  const followed = files.get(path.split("/").at(-1) ?? "");
  return list(followed?.resources).find(({ name }) => name === tokenFilterName)?.typed_config;
}

function looseProvider([name, provider]: [string, Properties]): string | undefined {
  if (!provider?.issuer) return `tokens of ${name} may be of any issuer`;
  if (list(provider.audiences).length === 0) return `tokens of ${name} may be for anything`;
  if (provider.require_expiration !== true) return `tokens of ${name} may be without an end`;
  if (provider.local_jwks === undefined) return `keys of ${name} are fetched, and there is no way out`;
  if (provider.forward === true) return `tokens of ${name} are handed on`;
  // Left out, Envoy takes tokens from the query too, and queries are in logs.
  return list(provider.from_headers).length > 0 ? undefined : `tokens of ${name} are taken from the query`;
}

/** Why a person may pass without a valid token; undefined where none may. */
export function unidentified(door: EnvoyDoor, files: ReadonlyMap<string, Properties>): string | undefined {
  const filter = tokenFilter(door, files);
  if (!typed(filter, "JwtAuthentication")) return "nobody asks who the person is";
  const providers = Object.entries((filter.providers ?? {}) as Record<string, Properties>);
  const everywhere = list(filter.rules).some(
    ({ match, requires }) =>
      match?.prefix === "/" && providers.some(([name]) => name === String(requires?.provider_name)),
  );
  if (!everywhere || filter.bypass_cors_preflight === true) return "some paths ask for no token";
  return providers.map(looseProvider).find((why) => why !== undefined);
}

/** Why a token may be used with another application's certificate; undefined where it may not (RFC 8705). */
export function unbound(door: EnvoyDoor): string | undefined {
  const scripts = door.filters.filter((filter) => typed(filter, "Lua"));
  const binds = scripts.some(({ default_source_code: code }) => {
    const text = String(code?.inline_string ?? "");
    return text.includes('"x5t#S256"') && text.includes("sha256PeerCertificateDigest()") && text.includes("refuse(");
  });
  return binds ? undefined : "a token is good with any certificate";
}

/** Every claim that a principal asks for, however its conditions are nested. */
function claimsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(claimsOf);
  if (typeof value !== "object" || value === null) return [];
  const { filter, path } = value as Properties;
  const own = filter === tokenFilterName ? [String(list(path).at(-1)?.key)] : [];
  return [...own, ...Object.values(value).flatMap(claimsOf)];
}

/** Why somebody without a second factor, or without a right, may use a model; undefined where nobody may. */
export function unentitled(door: EnvoyDoor): string | undefined {
  const filter = door.filters.find((one) => typed(one, "RBAC"));
  const { action = "ALLOW", policies } = filter?.rules ?? {};
  const all = Object.entries((policies ?? {}) as Record<string, Properties>);
  if (action !== "ALLOW" || all.length === 0) return "every person may use every model";
  for (const [name, policy] of all) {
    const principals = list(policy?.principals);
    const claims = principals.map(claimsOf);
    if (principals.length === 0 || claims.some((own) => !own.includes("groups"))) return `${name} is for every group`;
    if (claims.some((own) => !own.includes("amr"))) return `${name} asks for no second factor`;
    if (list(policy?.permissions).some(({ any }) => any === true)) return `${name} is for every model`;
  }
  return undefined;
}
