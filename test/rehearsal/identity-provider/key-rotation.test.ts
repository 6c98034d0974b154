import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { request } from "undici";
import { logIn } from "../../../rehearsal/identity-provider/log-in";
import { ada, Browser, ProviderWorld } from "./provider-world";

describe("the keys of the lab's identity provider", () => {
  let world: ProviderWorld;
  beforeEach(async () => {
    world = await ProviderWorld.make();
  });
  afterEach(() => world.provider.stop());

  const kids = (): unknown[] => world.provider.publicKeys.map(({ kid }) => kid);

  it("are served as they are told, and without the private halves", async () => {
    await world.provider.rotate();
    const dispatcher = world.agent({});
    try {
      const { body } = await request(`${world.provider.issuer}/jwks`, { dispatcher });
      const served = (await body.json()) as { keys: Record<string, unknown>[] };
      expect(served).toEqual(JSON.parse(world.provider.jwks()));
      expect(served.keys.map((key) => Object.keys(key).sort())).toEqual(
        Array(2).fill(["alg", "crv", "kid", "kty", "use", "x", "y"]),
      );
    } finally {
      await dispatcher.close();
    }
  });

  it("change in front, and old tokens stay valid until the old keys are retired", async () => {
    const [before, old] = [await logIn(world.args(ada.name)), kids()];
    await world.provider.rotate();
    await world.provider.rotate();
    expect(kids()).toHaveLength(3);
    expect(kids().slice(2)).toEqual(old);
    const after = await logIn(world.args(ada.name));
    expect((await world.verified(after)).protectedHeader.kid).toBe(kids()[0]);
    expect((await world.verified(before)).payload.sub).toBe(ada.name);

    world.provider.retire();
    expect(kids()).toHaveLength(1);
    await expect(world.verified(before)).rejects.toThrow("no applicable key");
    expect((await world.verified(after)).payload.sub).toBe(ada.name);
    expect((await world.verified(await logIn(world.args(ada.name)))).payload.sub).toBe(ada.name);
  });

  it("change in the midst of a login, which gets through", async () => {
    const dispatcher = world.agent();
    try {
      const browser = new Browser(dispatcher);
      const { address, verifier } = world.authorizationAddress();
      const { to: form } = await browser.go(address);
      await world.provider.rotate();
      const { to: resumed } = await browser.go(form, { name: ada.name });
      await world.provider.rotate();
      const code = new URL((await browser.go(resumed)).to).searchParams.get("code") ?? "";
      const wish = { grant_type: "authorization_code", code, code_verifier: verifier };
      const { said } = await world.token(dispatcher, wish);
      expect((await world.verified(String(said["access_token"]))).protectedHeader.kid).toBe(kids()[0]);
    } finally {
      await dispatcher.close();
    }
  });
});
