import { followed, typed, type Json } from "./envoy-fields";

/** A public key of the issuer, as its JSON Web Key Set has it. */
export type PublicKey = Readonly<Record<string, unknown>>;

export interface DoorIdentity {
  /** The `iss` of every token: a URL. */
  readonly issuer: string;
  /** What `aud` has to hold: tokens for something else are none for the door. */
  readonly audience: string;
  /** Public keys of the issuer; two while it changes from one to the next. Nothing is fetched: there is no way out. */
  readonly keys: readonly PublicKey[];
  /** Values of `amr` (RFC 8176) that stand for a second factor; one of them has to be there. */
  readonly secondFactors: readonly string[];
}

/** Name of the filter, of the metadata it leaves, and of the file that configures it. */
const filterName = "envoy.filters.http.jwt_authn";
export const tokenFile = "token.yaml";

/**
 * How tokens are verified. It is a file of its own, which Envoy reads again when it changes: a key of the issuer comes and
 * goes without a connection being cut.
 */
export function tokenConfiguration({ issuer, audience, keys }: DoorIdentity): Json {
  const company = {
    issuer,
    audiences: [audience],
    require_expiration: true,
    clock_skew_seconds: 30,
    // What follows is told who asks, and never holds a token that somebody could use elsewhere.
    forward: false,
    // Said, since Envoy's own default takes a token from the query too, which ends up in logs.
    from_headers: [{ name: "Authorization", value_prefix: "Bearer " }],
    payload_in_metadata: "token",
    local_jwks: { inline_string: JSON.stringify({ keys }) },
  };
  const filter = typed("envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication", {
    providers: { company },
    rules: [{ match: { prefix: "/" }, requires: { provider_name: "company" } }],
  });
  return {
    resources: [typed("envoy.config.core.v3.TypedExtensionConfig", { name: filterName, typed_config: filter })],
  };
}

export const tokenFilter: Json = {
  name: filterName,
  config_discovery: {
    config_source: followed(tokenFile),
    type_urls: ["type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication"],
  },
};

/** Where the verified token is among Envoy's metadata. */
export const claim = (name: string, value: Json): Json => ({
  filter: filterName,
  path: [{ key: "token" }, { key: name }],
  value,
});

/**
 * Binds the token to the certificate (RFC 8705, section 3.1), and tells what follows who asks. Headers in which a client
 * says so itself were taken away before any filter saw them. A group's name with anything but plain characters is left
 * out: a name that two readers take apart differently must give no right.
 */
const script = `
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

local function base64url(hex)
  local bits, out = "", {}
  for digit in hex:gmatch("%x") do
    local value = tonumber(digit, 16)
    for shift = 3, 0, -1 do bits = bits .. math.floor(value / 2 ^ shift) % 2 end
  end
  for at = 1, #bits, 6 do
    local six = bits:sub(at, at + 5)
    six = six .. ("0"):rep(6 - #six)
    local index = tonumber(six, 2) + 1
    out[#out + 1] = alphabet:sub(index, index)
  end
  return table.concat(out)
end

local function refuse(handle, reason)
  handle:streamInfo():dynamicMetadata():set("cloister", "refused", reason)
  handle:respond({[":status"] = "401", ["content-type"] = "text/plain"}, reason)
end

function envoy_on_request(handle)
  local verified = handle:streamInfo():dynamicMetadata():get("${filterName}")
  local token = verified and verified["token"]
  local connection = handle:streamInfo():downstreamSslConnection()
  if token == nil or connection == nil then return refuse(handle, "no_token") end

  local certificate = connection:sha256PeerCertificateDigest()
  local bound = type(token["cnf"]) == "table" and token["cnf"]["x5t#S256"]
  if bound ~= base64url(certificate) then return refuse(handle, "token_of_another_certificate") end

  local person = token["sub"]
  if type(person) ~= "string" or #person == 0 or #person > 256 or person:find("[%c\\127-\\255]") then
    return refuse(handle, "no_person")
  end
  local groups = {}
  if type(token["groups"]) == "table" then
    for _, group in ipairs(token["groups"]) do
      if type(group) == "string" and group:find("^[%w%-%._:/@ ]+$") then groups[#groups + 1] = group end
    end
  end
  local headers = handle:headers()
  headers:add("x-cloister-application", connection:dnsSansPeerCertificate()[1] or "")
  headers:add("x-cloister-person", person)
  headers:add("x-cloister-groups", table.concat(groups, ","))
  headers:add("x-cloister-certificate", certificate)
end
`;

export const identityFilter: Json = {
  name: "envoy.filters.http.lua",
  typed_config: typed("envoy.extensions.filters.http.lua.v3.Lua", {
    default_source_code: { inline_string: script.trimStart() },
  }),
};
