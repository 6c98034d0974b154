import { request } from "undici";
import { expect, it, vi } from "vitest";
import { grantedToApplication, logIn } from "../../../rehearsal/identity-provider/log-in";
import { ada, Browser, ProviderWorld } from "./provider-world";

// In a file of its own: the library warns of a default once in the life of a process.
it("leaves nothing to a default of the library's that it warns of, and lets no web page read an answer", async () => {
  const said: unknown[] = [];
  const spies = (["warn", "info"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((text) => void said.push(text)),
  );
  const world = await ProviderWorld.make();
  const dispatcher = world.agent();
  try {
    await logIn(world.args(ada.name));
    const batch = await world.circles.issue("clients", ["night-batch"]);
    await grantedToApplication(world.args("", batch, "night-batch"));
    await world.provider.rotate();

    const { address } = world.authorizationAddress({ client_id: "nobody" });
    expect(await new Browser(dispatcher).go(address)).toMatchObject({
      status: 400,
      page: "invalid_client: client is invalid\n",
    });

    const answer = await request(`${world.provider.issuer}/token`, {
      method: "POST",
      dispatcher,
      headers: { origin: "https://web.example", "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=authorization_code&client_id=support-desk&code=none",
    });
    await answer.body.dump();
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    expect(said).toEqual([]);
  } finally {
    await dispatcher.close();
    await world.provider.stop();
    for (const spy of spies) spy.mockRestore();
  }
});
