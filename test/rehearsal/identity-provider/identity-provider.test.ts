import { createHash, X509Certificate } from "node:crypto";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IdentityProvider } from "../../../rehearsal/identity-provider/identity-provider";
import { logIn, type LogInArgs } from "../../../rehearsal/identity-provider/log-in";
import { Circles, type Shown } from "../../components/platform/gateway/circles";

describe("the lab's identity provider", () => {
  let circles: Circles;
  let provider: IdentityProvider;
  let application: Shown;

  beforeAll(async () => {
    circles = await Circles.make();
    const own = await circles.issue("services", ["login.example.internal"]);
    application = await circles.issue("clients", ["support-desk"]);
    provider = await IdentityProvider.start({
      tls: { certificate: own.chain, key: own.key, authority: circles.trust("clients") },
      audience: "cloister",
      applications: ["support-desk", "code-review"],
      people: [
        { name: "ada@example.com", groups: ["llm-users"], secondFactor: true },
        { name: "bob@example.com", groups: ["llm-users"], secondFactor: false },
      ],
    });
  });
  afterAll(() => provider.stop());

  const ask = (person: string, more: Partial<LogInArgs> = {}): Promise<string> =>
    logIn({
      issuer: provider.issuer,
      authority: circles.trust("services"),
      application: { name: "support-desk", ...application },
      person,
      ...more,
    });
  const verified = async (token: string) =>
    jwtVerify(token, createLocalJWKSet({ keys: [...provider.publicKeys] }), {
      issuer: provider.issuer,
      audience: "cloister",
    });

  it("says who a person is, in which groups, and how they showed it, bound to the application's certificate", async () => {
    const { payload } = await verified(await ask("ada@example.com"));
    const thumbprint = createHash("sha256").update(new X509Certificate(application.chain).raw).digest("base64url");
    expect(payload).toMatchObject({
      sub: "ada@example.com",
      client_id: "support-desk",
      groups: ["llm-users"],
      amr: ["pwd", "otp"],
      cnf: { "x5t#S256": thumbprint },
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it("says so where there was no second factor", async () => {
    expect((await verified(await ask("bob@example.com"))).payload["amr"]).toEqual(["pwd"]);
  });

  it("gives no token for nobody, to another application, or without a certificate of the company's", async () => {
    await expect(ask("eve@example.com")).rejects.toThrow("400");
    await expect(ask("ada@example.com", { application: { name: "code-review", ...application } })).rejects.toThrow(
      "no token",
    );
    const stranger = await (await Circles.make()).issue("clients", ["support-desk"]);
    await expect(ask("ada@example.com", { application: { name: "support-desk", ...stranger } })).rejects.toThrow();
  });

  it("changes its key, and old tokens stay valid meanwhile", async () => {
    const before = await ask("ada@example.com");
    const [first] = provider.publicKeys;
    await provider.rotate();
    expect(provider.publicKeys.map(({ kid }) => kid)).toContain(first?.kid);
    expect((await verified(await ask("ada@example.com"))).protectedHeader.kid).not.toBe(first?.kid);
    expect((await verified(before)).payload.sub).toBe("ada@example.com");
  });
});
