import { once } from "node:events";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { text } from "node:stream/consumers";
import type { Agent } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Circles, type Shown } from "../../components/platform/gateway/circles";
import { ada, Browser, ProviderWorld } from "./provider-world";

describe("a login at the lab's identity provider, step by step", () => {
  let world: ProviderWorld;
  let dispatcher: Agent;
  let browser: Browser;
  beforeAll(async () => {
    world = await ProviderWorld.make();
  });
  afterAll(() => world.provider.stop());
  beforeEach(() => {
    dispatcher = world.agent();
    browser = new Browser(dispatcher);
  });
  afterEach(() => dispatcher.close());

  /** Until the application has the code. */
  async function codeOf(address: string): Promise<string> {
    const { to: form } = await browser.go(address);
    const { to: resumed } = await browser.go(form, { name: ada.name });
    return new URL((await browser.go(resumed)).to).searchParams.get("code") ?? "";
  }

  it("shows a page that owns up to being a lab, and takes nothing it is given for markup", async () => {
    const { address } = world.authorizationAddress({ login_hint: `"><script>alert(1)</script>` });
    const { to } = await browser.go(address);
    const { status, page } = await browser.go(to);
    expect(status).toBe(200);
    expect(page).toContain("stands in for the company's identity provider");
    expect(page).toContain("there is no password");
    expect(page).toContain("support-desk wants to know");
    expect(page).toContain("&quot;&gt;&lt;script&gt;");
    expect(page).not.toContain("<script");
  });

  it("takes no form without its own cookie, and none that is long", async () => {
    const { to: form } = await browser.go(world.authorizationAddress().address);
    expect((await new Browser(dispatcher).go(form, { name: ada.name })).status).toBe(400);
    expect(await browser.go(form, { name: "a".repeat(5000) })).toMatchObject({
      status: 400,
      page: "a login is a short form\n",
    });
  });

  it("does not go on without PKCE, nor for another door", async () => {
    const plain = world.authorizationAddress({ code_challenge: undefined, code_challenge_method: undefined });
    expect(new URL((await browser.go(plain.address)).to).searchParams.get("error")).toBe("invalid_request");
    const other = world.authorizationAddress({ resource: "https://other.cloister.internal" });
    expect(new URL((await browser.go(other.address)).to).searchParams.get("error")).toBe("invalid_target");
  });

  it("gives a token for a code once, and only to who has the verifier", async () => {
    const { address, verifier } = world.authorizationAddress();
    const code = await codeOf(address);
    const wish = { grant_type: "authorization_code", code, code_verifier: verifier };
    expect(await world.token(dispatcher, { ...wish, code_verifier: "a".repeat(43) })).toMatchObject({
      status: 400,
      said: { error: "invalid_grant" },
    });
    expect(await world.token(dispatcher, wish)).toMatchObject({ status: 200, said: { token_type: "Bearer" } });
    expect(await world.token(dispatcher, wish)).toMatchObject({ status: 400, said: { error: "invalid_grant" } });
  });

  it("gives no token to who shows no certificate", async () => {
    const { address, verifier } = world.authorizationAddress();
    const code = await codeOf(address);
    const nobody = world.agent({});
    try {
      const wish = { grant_type: "authorization_code", code, code_verifier: verifier };
      expect(await world.token(nobody, wish)).toMatchObject({ status: 401, said: { error: "invalid_client" } });
    } finally {
      await nobody.close();
    }
  });

  it("does not trust a stranger more on a resumed TLS session", async () => {
    const stranger = await (await Circles.make()).issue("clients", ["support-desk"]);
    // The company's own gets as far as its code, which is none.
    expect(await askTwice(world.application)).toEqual([
      { resumed: false, status: 400 },
      { resumed: true, status: 400 },
    ]);
    expect(await askTwice(stranger)).toEqual([
      { resumed: false, status: 401 },
      { resumed: true, status: 401 },
    ]);
  });

  async function askTwice({ chain, key }: Shown): Promise<object[]> {
    const agent = new HttpsAgent({ cert: chain, key, rejectUnauthorized: false });
    const seen: object[] = [];
    for (let times = 0; times < 2; times += 1) {
      const asked = httpsRequest(`${world.provider.issuer}/token`, {
        method: "POST",
        agent,
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      asked.end("grant_type=authorization_code&client_id=support-desk&code=none&redirect_uri=https://a.example");
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      const resumed = (asked.socket as TLSSocket).isSessionReused();
      await text(answer);
      seen.push({ resumed, status: answer.statusCode });
    }
    agent.destroy();
    return seen;
  }
});
