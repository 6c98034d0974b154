import { filterNamed, list, typed, type EnvoyDoor } from "./envoy";
import type { Properties } from "../rule";

export const tokenFilterName = "envoy.filters.http.jwt_authn";

/** The filter that verifies tokens: in the door's own configuration, or in a file beside it that Envoy follows. */
function tokenFilter(door: EnvoyDoor, files: ReadonlyMap<string, Properties>): Properties {
  const filter = filterNamed(door, tokenFilterName);
  if (filter === undefined || filter.typed_config !== undefined) return filter?.typed_config;
  const path = String(filter.config_discovery?.config_source?.path_config_source?.path ?? "");
  const followed = files.get(path.split("/").at(-1) ?? "");
  return list(followed?.resources).find(({ name }) => name === tokenFilterName)?.typed_config;
}

const providersOf = (filter: Properties): [string, Properties][] =>
  Object.entries((filter?.providers ?? {}) as Record<string, Properties>);

/** Where the claims of a verified token are among the metadata of that filter. */
export const tokenPlaces = (door: EnvoyDoor, files: ReadonlyMap<string, Properties>): string[] =>
  providersOf(tokenFilter(door, files)).flatMap(([, provider]) =>
    provider?.payload_in_metadata ? [String(provider.payload_in_metadata)] : [],
  );

const curves: Readonly<Record<string, readonly string[]>> = {
  EC: ["P-256", "P-384", "P-521"],
  OKP: ["Ed25519"],
};
/** 2048 bits, base64url. */
const leastModulus = 342;

/** Why a key of the issuer proves nothing, or could be used to forge tokens; undefined where it is a sound public key. */
function weakKey(key: Properties): string | undefined {
  if (key?.d || key?.k || key?.kty === "oct") return "whoever reads the configuration can make tokens by it";
  if (key?.kty === "RSA")
    return String(key.n ?? "").length >= leastModulus && key.e ? undefined : "it is too short, or no key";
  const known = curves[String(key?.kty)]?.includes(String(key?.crv)) === true;
  return known && key?.x && (key.kty === "OKP" || key.y) ? undefined : "it is no public key of a known curve";
}

function weakKeys(name: string, { local_jwks: keySet }: Properties): string | undefined {
  if (keySet?.inline_string === undefined) return undefined;
  let keys: Properties[];
  try {
    keys = list((JSON.parse(String(keySet.inline_string)) as { keys?: unknown }).keys);
  } catch {
    keys = [];
  }
  if (keys.length === 0) return `there is no key to verify tokens of ${name} by`;
  const weak = keys.map(weakKey).find((why) => why !== undefined);
  return weak && `a key of ${name}: ${weak}`;
}

/** Longest difference between two clocks, seconds: so much longer does a token count than it says. */
const mostSkew = 300;

function looseProvider([name, provider]: [string, Properties]): string | undefined {
  if (!provider?.issuer) return `tokens of ${name} may be of any issuer`;
  if (list(provider.audiences).length === 0) return `tokens of ${name} may be for anything`;
  if (provider.require_expiration !== true) return `tokens of ${name} may be without an end`;
  if (Number(provider.clock_skew_seconds ?? 0) > mostSkew) return `tokens of ${name} count long after their end`;
  if (provider.local_jwks === undefined) return `keys of ${name} are fetched, and there is no way out`;
  if (provider.forward === true) return `tokens of ${name} are handed on`;
  // Left out, Envoy takes tokens from the query too, and queries are in logs.
  if (list(provider.from_headers).length === 0) return `tokens of ${name} are taken from the query`;
  return weakKeys(name, provider);
}

/** Kubernetes swaps a link when a configuration changes, so the folder has to be watched: the file itself never changes. */
function unfollowed(door: EnvoyDoor): string | undefined {
  const source: Properties = filterNamed(door, tokenFilterName)?.config_discovery?.config_source?.path_config_source;
  return source !== undefined && !source.watched_directory?.path
    ? "an issuer's key that was taken back counts until the door starts again"
    : undefined;
}

/** Why a person may pass without a valid token; undefined where none may. */
export function unidentified(door: EnvoyDoor, files: ReadonlyMap<string, Properties>): string | undefined {
  const filter = tokenFilter(door, files);
  if (!typed(filter, "JwtAuthentication")) return "nobody asks who the person is";
  const providers = providersOf(filter);
  const everywhere = list(filter.rules).some(
    ({ match, requires }) =>
      match?.prefix === "/" && providers.some(([name]) => name === String(requires?.provider_name)),
  );
  if (!everywhere || filter.bypass_cors_preflight === true) return "some paths ask for no token";
  return providers.map(looseProvider).find((why) => why !== undefined) ?? unfollowed(door);
}

/** The scripts of a door, as text. */
export const scriptsOf = (door: EnvoyDoor): string[] =>
  door.filters
    .filter((filter) => typed(filter, "Lua"))
    .map(({ default_source_code: code }) => String(code?.inline_string ?? ""));

/** Why a token may be used with another application's certificate; undefined where it may not (RFC 8705). */
export function unbound(door: EnvoyDoor): string | undefined {
  const binds = scriptsOf(door).some(
    (text) => text.includes('"x5t#S256"') && text.includes("sha256PeerCertificateDigest()") && text.includes("refuse("),
  );
  return binds ? undefined : "a token is good with any certificate";
}
