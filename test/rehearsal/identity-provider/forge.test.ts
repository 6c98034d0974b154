import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Forger, forgeryNames, thumbprintOf, type ForgeryName } from "../../../rehearsal/identity-provider/forge";
import { logIn } from "../../../rehearsal/identity-provider/log-in";
import type { Shown } from "../../components/platform/gateway/circles";
import { ada, ProviderWorld } from "./provider-world";

/** What jose says of a forgery when it verifies as a door must; not named: well signed, and wrong in what it says. */
const refusals: Partial<Record<ForgeryName, string>> = {
  "algorithm none": '"alg" (Algorithm) Header Parameter value not allowed',
  "algorithm none in capitals": '"alg" (Algorithm) Header Parameter value not allowed',
  "no signature": "signature verification failed",
  "signed with the public key as a secret, JWK": '"alg" (Algorithm) Header Parameter value not allowed',
  "signed with the public key as a secret, PEM": '"alg" (Algorithm) Header Parameter value not allowed',
  "another audience": 'unexpected "aud" claim value',
  "another issuer": 'unexpected "iss" claim value',
  expired: '"exp" claim timestamp check failed',
  "not yet valid": '"nbf" claim timestamp check failed',
  "an unknown key under a known kid": "signature verification failed",
  "an unknown key under its own kid": "no applicable key found",
  "the attacker's key in the header": "no applicable key found",
  "the attacker's key set at an address in the header": "no applicable key found",
};
const wellSigned = forgeryNames.filter((name) => refusals[name] === undefined);

describe("forged tokens", () => {
  let world: ProviderWorld;
  let forger: Forger;
  let other: Shown;
  beforeAll(async () => {
    world = await ProviderWorld.make();
    other = await world.circles.issue("clients", ["code-review"]);
    forger = await Forger.make({
      issuer: world.provider.issuer,
      audience: "cloister",
      signingKey: world.provider.signingKey,
      certificate: world.application.chain,
      otherCertificate: other.chain,
      application: "support-desk",
      person: ada,
      attackerAddress: "https://attacker.invalid/keys",
    });
  });
  afterAll(() => world.provider.stop());

  const claimsOf = async (name: ForgeryName) => decodeJwt(await forger.forge(name));
  const withoutTimes = ({ iat: _iat, exp: _exp, jti: _jti, ...rest }: ReturnType<typeof decodeJwt>) => rest;

  it("are made beside one that says what the provider's own says", async () => {
    const genuine = await forger.genuine();
    const served = await logIn(world.args(ada.name));
    const [made, own] = [await world.verified(genuine), await world.verified(served)];
    expect(withoutTimes(made.payload)).toEqual(withoutTimes(own.payload));
    expect(Object.keys(made.payload).sort()).toEqual(Object.keys(own.payload).sort());
    expect(made.protectedHeader).toEqual(own.protectedHeader);
  });

  it.each(Object.entries(refusals))("%s: jose refuses it", async (name, reason) => {
    await expect(world.verified(await forger.forge(name as ForgeryName))).rejects.toThrow(reason);
  });

  it.each(wellSigned)("%s: is well signed, so that only who reads it can refuse it", async (name) => {
    const keys = createLocalJWKSet(JSON.parse(world.provider.jwks()) as JSONWebKeySet);
    const { protectedHeader } = await compactVerify(await forger.forge(name), keys);
    expect(protectedHeader.alg).toBe("ES256");
  });

  it.each([
    ["no expiry", "exp", undefined],
    ["without a second factor", "amr", ["pwd"]],
    ["without amr", "amr", undefined],
    ["bound to no certificate", "cnf", undefined],
    ["groups as text", "groups", "llm-users,staff"],
  ] as const)("%s: differs from a genuine one in that alone", async (name, claim, value) => {
    const [forged, genuine] = [await claimsOf(name), decodeJwt(await forger.genuine())];
    expect(forged[claim]).toEqual(value);
    expect(withoutTimes({ ...forged, [claim]: genuine[claim] })).toEqual(withoutTimes(genuine));
  });

  it("names the other certificate where it is bound to it", async () => {
    expect((await claimsOf("bound to another certificate"))["cnf"]).toEqual({ "x5t#S256": thumbprintOf(other.chain) });
    expect(thumbprintOf(other.chain)).not.toBe(thumbprintOf(world.application.chain));
  });

  it("have the attacker's key, or where it is, in their header, and verify with it", async () => {
    const { kid, ...publicKey } = forger.attacker.publicKey;
    const attackers = JSON.stringify({ keys: [forger.attacker.publicKey] });
    const held = await forger.forge("the attacker's key in the header");
    expect(decodeProtectedHeader(held).jwk).toEqual({ kid, ...publicKey });
    expect((await world.verified(held, attackers)).payload.sub).toBe(ada.name);
    const led = await forger.forge("the attacker's key set at an address in the header");
    expect(decodeProtectedHeader(led).jku).toBe("https://attacker.invalid/keys");
    expect((await world.verified(led, attackers)).payload.sub).toBe(ada.name);
    const header = decodeProtectedHeader(await forger.forge("an unknown key under a known kid"));
    expect(header.kid).toBe(world.provider.signingKey.publicKey.kid);
  });

  it.each([
    ["groups twice, the true ones first", "groups", [["llm-users", "staff"], ["visitors"]]],
    ["groups twice, the true ones last", "groups", [["visitors"], ["llm-users", "staff"]]],
    ["audience twice", "aud", ["another", "cloister"]],
  ] as const)("%s: has both, in that order", async (name, claim, values) => {
    const [, payload = ""] = (await forger.forge(name)).split(".");
    const written = Buffer.from(payload, "base64url").toString();
    const said = [...written.matchAll(new RegExp(`"${claim}":(\\[[^\\]]*\\]|"[^"]*")`, "g"))];
    expect(said.map(([, value = ""]) => JSON.parse(value) as unknown)).toEqual(values);
  });
});
