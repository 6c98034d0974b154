import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHash, X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { once } from "node:events";
import { grantedToApplication, grantedToPerson, logIn } from "../../../rehearsal/identity-provider/log-in";
import { Circles } from "../../components/platform/gateway/circles";
import { ada, bob, ProviderWorld } from "./provider-world";

const thumbprint = (chain: string): string =>
  createHash("sha256").update(new X509Certificate(chain).raw).digest("base64url");

describe("the lab's identity provider", () => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await ProviderWorld.make();
  });
  afterAll(() => world.provider.stop());

  it("says who a person is, in which groups, and how they showed it, bound to the application's certificate", async () => {
    const { accessToken, expiresIn } = await grantedToPerson(world.args(ada.name));
    const { payload, protectedHeader } = await world.verified(accessToken);
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "at+jwt", kid: world.provider.publicKeys[0]?.kid });
    const { iat = 0, exp = 0, jti, ...rest } = payload;
    expect(rest).toEqual({
      iss: world.provider.issuer,
      aud: "cloister",
      sub: ada.name,
      client_id: "support-desk",
      scope: "use",
      groups: ada.groups,
      amr: ["pwd", "otp"],
      cnf: { "x5t#S256": thumbprint(world.application.chain) },
    });
    expect(jti).toMatch(/^[\w-]{20,}$/);
    expect([exp - iat, expiresIn]).toEqual([300, 300]);
  });

  it("says so where there was no second factor", async () => {
    expect((await world.verified(await logIn(world.args(bob.name)))).payload).toMatchObject({
      sub: bob.name,
      groups: bob.groups,
      amr: ["pwd"],
    });
  });

  it("gives every token an identifier of its own", async () => {
    const tokens = [await logIn(world.args(ada.name)), await logIn(world.args(ada.name))];
    const seen = await Promise.all(tokens.map(async (token) => (await world.verified(token)).payload.jti));
    expect(new Set(seen).size).toBe(2);
  });

  it("speaks for an application in its own name, without amr", async () => {
    const shown = await world.circles.issue("clients", ["night-batch"]);
    const { accessToken, expiresIn } = await grantedToApplication(world.args("", shown, "night-batch"));
    const { payload } = await world.verified(accessToken);
    expect(payload).toMatchObject({
      sub: "night-batch",
      client_id: "night-batch",
      groups: ["batch"],
      cnf: { "x5t#S256": thumbprint(shown.chain) },
    });
    expect(payload).not.toHaveProperty("amr");
    expect(expiresIn).toBe(300);
  });

  it("gives an application without groups no token in its own name", async () => {
    await expect(grantedToApplication(world.args(""))).rejects.toThrow("not allowed for this client");
  });

  it("gives no token for nobody, nor to another application's certificate", async () => {
    await expect(logIn(world.args("eve@example.com"))).rejects.toThrow("400: nobody of that name");
    await expect(logIn(world.args(ada.name, world.application, "code-review"))).rejects.toThrow("client auth");
  });

  it("takes another circle's certificate for none", async () => {
    const stranger = await (await Circles.make()).issue("clients", ["support-desk"]);
    await expect(logIn(world.args(ada.name, stranger))).rejects.toThrow("client auth");
    const inner = await world.circles.issue("services", ["support-desk"]);
    await expect(logIn(world.args(ada.name, inner))).rejects.toThrow("client auth");
  });

  it("speaks TLS 1.3 only", async () => {
    const port = Number(new URL(world.provider.issuer).port);
    const socket = connect({ port, host: "127.0.0.1", maxVersion: "TLSv1.2", rejectUnauthorized: false });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  });
});

describe("the lab's identity provider, set up otherwise", () => {
  it("signs as it is told, for as long as it is told, by a clock that is ahead", async () => {
    const world = await ProviderWorld.make({ algorithm: "PS256", tokenSeconds: 60, clockSkewSeconds: 120 });
    try {
      const { accessToken, expiresIn } = await grantedToPerson(world.args(ada.name));
      const { payload, protectedHeader } = await world.verified(accessToken);
      const { iat = 0, exp = 0 } = payload;
      expect([protectedHeader.alg, exp - iat, expiresIn]).toEqual(["PS256", 60, 60]);
      // More than half of the skew: what the login itself takes does not matter.
      expect(iat).toBeGreaterThan(Date.now() / 1000 + 60);
    } finally {
      await world.provider.stop();
    }
  });

  it("makes tokens that are past their time already, by a clock that is behind", async () => {
    const world = await ProviderWorld.make({ clockSkewSeconds: -3600 });
    try {
      await expect(world.verified(await logIn(world.args(ada.name)))).rejects.toThrow('"exp" claim');
    } finally {
      await world.provider.stop();
    }
  });

  it("ends where the library refuses what it is told, and leaves its port", async () => {
    const port = await freePort();
    await expect(ProviderWorld.make({ port, applications: ["twice", "twice"] })).rejects.toThrow();
    const world = await ProviderWorld.make({ port });
    expect(world.provider.issuer).toBe(`https://127.0.0.1:${port}`);
    await world.provider.stop();
  });
});

async function freePort(): Promise<number> {
  const { provider } = await ProviderWorld.make();
  const { port } = new URL(provider.issuer);
  await provider.stop();
  return Number(port);
}
