import { z } from "zod";
import { modelNames, type ModelName } from "../../components/images";
import { httpsUrl, text } from "./common";

const coordinate = (description: string) =>
  text(
    /^[A-Za-z0-9_-]{43,88}$/,
    description,
    "a number in base64url, without its padding",
    "copy the key as the issuer publishes it",
  );

const common = {
  kid: text(
    /^[\x21-\x7e]{1,200}$/,
    "Name by which tokens say which key signed them",
    "a name without spaces",
    "copy it",
  ),
  use: z.literal("sig").optional(),
};

/** Public halves alone: a setting named `d`, the private half, is an unknown one. */
const ellipticKey = z.strictObject({
  ...common,
  kty: z.literal("EC"),
  alg: z.enum(["ES256", "ES384"]),
  crv: z.enum(["P-256", "P-384"]),
  x: coordinate("First coordinate"),
  y: coordinate("Second coordinate"),
});

const rsaKey = z.strictObject({
  ...common,
  kty: z.literal("RSA"),
  alg: z.enum(["RS256", "PS256"]),
  // 2048 bits are 342 characters.
  n: text(/^[A-Za-z0-9_-]{342,}$/, "Modulus", "2048 bits or more in base64url", "have the issuer use a longer key"),
  e: text(/^[A-Za-z0-9_-]{3,6}$/, "Exponent", "base64url, usually AQAB", "copy the key as the issuer publishes it"),
});

/** A space at an end would be lost on the way from the door to the guard: there the group would be another. */
export const groupName = (description: string) =>
  text(
    /^(?! )[A-Za-z0-9._:/@ -]{1,100}(?<! )$/,
    description,
    "up to 100 plain characters: letters, digits, . _ : / @ - and, within, spaces",
    "name the group as the token has it",
  );

const group = z.strictObject({
  name: groupName("A group, as the issuer's tokens name it in `groups`"),
  models: z
    .array(
      z.enum(modelNames as [ModelName, ...ModelName[]]).meta({
        description: "A model that its members may use",
        mend: "choose one of the environment's models",
      }),
    )
    .min(1)
    .meta({
      description: "Models that its members may use",
      allowed: "one model or more",
      mend: "name the models, or leave the group out: who is in no group may use none",
    }),
});

/** Who may ask: people of the company, as its own identity provider names them. */
export const people = z.strictObject({
  issuer: httpsUrl("The company's OIDC issuer; its tokens say who a person is"),
  audience: text(
    /^[\x21-\x7e]{1,200}$/,
    "What tokens for the door have in `aud`",
    "a name or an address without spaces",
    "write what the issuer puts there for this door",
  ).default("cloister"),
  keys: z
    .array(z.discriminatedUnion("kty", [ellipticKey, rsaKey]))
    .min(1)
    .max(4)
    .meta({
      description:
        "The issuer's public keys (JWK), two while it changes from one to the next: nothing is fetched, since there is no way out",
      allowed: "1 to 4 keys",
      mend: "copy them from the `jwks_uri` that the issuer's /.well-known/openid-configuration names",
    }),
  secondFactors: z
    .array(
      text(
        /^[a-z0-9_-]{1,40}$/,
        "A value of `amr` (RFC 8176)",
        "a short name",
        "write it as the issuer's tokens have it",
      ),
    )
    .min(1)
    .default(["mfa", "otp", "hwk", "swk", "fpt", "face"])
    .meta({
      description: "What in a token's `amr` stands for a second factor; one of them has to be there",
      allowed: "one value or more",
      mend: "name what the issuer writes after a second factor; `pwd` is none",
    }),
  groups: z.array(group).min(1).meta({
    description: "Which groups may use which models",
    allowed: "one group or more",
    mend: "name the first group that may use a model",
  }),
});
