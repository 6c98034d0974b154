import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { tokenConfiguration, tokenFile } from "../../../../components/platform/gateway/envoy-identity";
import { doorArgs } from "./door-args";
import { withEnvoy } from "./door-world";
import { claimsOf, confused, drawKey, signed, thumbprint, unsigned } from "./issuer";
import { knock, open } from "./knock";
import type { Shown } from "./circles";

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const now = (): number => Math.floor(Date.now() / 1000);

withEnvoy("who asks, as the door sees it", (world) => {
  let other: Shown;
  beforeAll(async () => {
    other = await world().circles.issue("clients", ["code-review"]);
  });
  afterEach(() => {
    world().arrived.length = 0;
  });

  const token = (more: Record<string, unknown> = {}, header: object = {}): Promise<string> =>
    signed(world().issuer, claimsOf(world().application, more), header);
  const asked = async (made: Promise<string> | string, model = "qwen3-8b") =>
    knock(world().chat(model, { headers: bearer(await made) }));
  const statusOf = async (made: Promise<string> | string): Promise<number> => {
    const { status, body } = await asked(made);
    if (status !== 200) expect(JSON.parse(body)).toMatchObject({ error: { type: "invalid_request_error" } });
    expect(world().arrived).toHaveLength(status === 200 ? 1 : 0);
    return status;
  };

  it("is told to the guard: application, person, groups and certificate, and no token", async () => {
    expect(await statusOf(token())).toBe(200);
    const { headers } = world().arrived[0]!;
    expect(headers).toMatchObject({
      "x-cloister-application": "support-desk",
      "x-cloister-person": "ada@example.com",
      "x-cloister-groups": "staff,llm-users",
    });
    const hex = Buffer.from(thumbprint(world().application), "base64url").toString("hex");
    expect(headers["x-cloister-certificate"]).toBe(hex);
    expect(headers["authorization"]).toBeUndefined();
  });

  it("is what the door says, whatever a client says of itself", async () => {
    const forged = {
      "x-cloister-person": "root",
      "X-Cloister-Groups": "research",
      "x-cloister-application": "code-review",
      "x-cloister-certificate": "00",
      "x-cloister-anything": "else",
      "x-request-id": "00000000-0000-4000-8000-000000000000",
    };
    const headers = { ...bearer(await token()), ...forged };
    expect((await knock(world().chat("qwen3-8b", { headers }))).status).toBe(200);
    const arrived = world().arrived[0]?.headers ?? {};
    expect(arrived["x-cloister-person"]).toBe("ada@example.com");
    expect(arrived["x-cloister-groups"]).toBe("staff,llm-users");
    expect(arrived["x-cloister-application"]).toBe("support-desk");
    expect(arrived["x-cloister-anything"]).toBeUndefined();
    expect(arrived["x-request-id"]).not.toBe(forged["x-request-id"]);
  });

  describe("without a valid token", () => {
    it.each<[string, () => Promise<string> | string]>([
      ["none", () => ""],
      ["no JWT", () => "abc"],
      ["an unsigned one", () => unsigned(claimsOf(world().application))],
      ["the public key as a shared secret", () => confused(world().issuer, claimsOf(world().application))],
      [
        "one of another key with a known name",
        async () => signed({ ...(await drawKey("first")) }, claimsOf(world().application)),
      ],
      ["one of a key nobody knows", async () => signed(await drawKey("stranger"), claimsOf(world().application))],
      [
        "a key that it brings along",
        async () => {
          const stranger = await drawKey("stranger");
          return signed(stranger, claimsOf(world().application), { jwk: stranger.publicKey });
        },
      ],
      ["another issuer", () => token({ iss: "https://elsewhere.example" })],
      ["an end in the past", () => token({ exp: now() - 31 })],
      ["no end", () => token({ exp: undefined })],
      ["a beginning in the future", () => token({ nbf: now() + 90 })],
      ["no person", () => token({ sub: undefined })],
      ["a person with a line end", () => token({ sub: "ada\r\nx-cloister-groups: research" })],
      ["no certificate", () => token({ cnf: undefined })],
      ["another certificate", () => token({ cnf: { "x5t#S256": thumbprint(other) } })],
      [
        "a certificate in another notation",
        () => token({ cnf: { "x5t#S256": `${thumbprint(world().application)}=` } }),
      ],
      ["a certificate as a list", () => token({ cnf: [thumbprint(world().application)] })],
    ])("such as %s, nothing is served", async (_name, made) => {
      expect(await statusOf(made())).toBe(401);
    });

    it.each([["payroll"], [undefined]])("such as one for %s, nothing is served", async (aud) => {
      expect(await statusOf(token({ aud }))).toBe(403);
    });

    it("takes none from the query, where logs would keep it", async () => {
      const path = `/v1/models?access_token=${await token()}`;
      expect((await knock(world().api({ path, headers: { authorization: "" } }))).status).toBe(401);
    });

    it("allows half a minute between two clocks", async () => {
      expect(await statusOf(token({ exp: now() - 20 }))).toBe(200);
    });
  });

  describe("without the right", () => {
    it.each<[string, Record<string, unknown>, string]>([
      ["no second factor", { amr: ["pwd"] }, "qwen3-8b"],
      ["no word of how", { amr: undefined }, "qwen3-8b"],
      ["a word instead of a list", { amr: "otp" }, "qwen3-8b"],
      ["no group", { groups: [] }, "qwen3-8b"],
      ["groups that have no right", { groups: ["staff"] }, "qwen3-8b"],
      ["a group as a word", { groups: "llm-users" }, "qwen3-8b"],
      ["groups in one word", { groups: ["staff,llm-users"] }, "qwen3-8b"],
      ["another group's model", {}, "llama-3.1-8b-instruct"],
      ["a model that is not there", { groups: ["research"] }, "gpt-5"],
      ["no model", { groups: ["research"] }, ""],
    ])("such as %s, nothing is served", async (_name, claims, model) => {
      expect((await asked(token(claims), model)).status).toBe(403);
      expect(world().arrived).toEqual([]);
    });

    it("nothing is served for a model that is no text, or in no JSON", async () => {
      for (const body of ['{"model":["qwen3-8b"]}', '{"model":1}', "{", "[]", ""]) {
        const answer = await knock(world().chat("", { body, headers: bearer(await token()) }));
        expect([400, 403]).toContain(answer.status);
      }
      expect(world().arrived).toEqual([]);
    });

    it("each group has its own models", async () => {
      expect((await asked(token({ groups: ["research"] }), "llama-3.1-8b-instruct")).status).toBe(200);
      expect((await asked(token({ groups: ["research"] }), "qwen3-8b")).status).toBe(200);
    });

    it("the list of models is for whoever may use one", async () => {
      expect((await knock(world().api())).status).toBe(200);
      const headers = bearer(await token({ groups: ["staff"] }));
      expect((await knock(world().api({ headers }))).status).toBe(403);
    });
  });

  it("follows the issuer to its next key, and a stream that runs meanwhile goes on", async () => {
    const next = await drawKey("second");
    const both = doorArgs([world().issuer, next]).identity;
    const stream = await open(
      world().chat("", { body: '{"model":"qwen3-8b","stream":true}', headers: bearer(await token()) }),
    );
    const pieces = stream.setEncoding("utf8")[Symbol.asyncIterator]();
    expect(await pieces.next()).toMatchObject({ value: "first " });
    const fresh = await signed(next, claimsOf(world().application));
    expect((await asked(fresh)).status).toBe(401);
    world().door.change({ [tokenFile]: stringify(tokenConfiguration(both)) });
    while ((await asked(fresh)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await asked(token())).status).toBe(200);
    world().guard.finish();
    expect(await pieces.next()).toMatchObject({ value: "second" });
    expect(await pieces.next()).toMatchObject({ done: true });
  });
});
