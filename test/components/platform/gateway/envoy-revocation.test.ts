import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { afterEach, beforeAll, expect, it } from "vitest";
import { revokedFile } from "../../../../components/platform/gateway/envoy-revocation";
import type { Shown } from "./circles";
import { host } from "./door-args";
import { takenBack } from "./door-lay-out";
import { withEnvoy } from "./door-world";
import { claimsOf, signed } from "./issuer";
import { knock, open, type Answer } from "./knock";
import type { RunningEnvoy } from "./running-envoy";

withEnvoy("certificates that were taken back", (world) => {
  let lost: Shown;
  let door: RunningEnvoy;
  beforeAll(async () => {
    lost = await world().circles.issue("clients", ["code-review"]);
  });

  const start = async (certificates: readonly Shown[], hours?: number): Promise<void> => {
    const list = await world().circles.revoke("clients", certificates, hours);
    door = await world().another({ revocation: true }, takenBack(list));
  };
  afterEach(async () => {
    await door?.stop();
    world().arrived.length = 0;
  });

  const asked = async (shown: Shown): Promise<Answer> => {
    const headers = { authorization: `Bearer ${await signed(world().issuer, claimsOf(shown))}` };
    return knock(world().api({ port: door.at.door, shown, headers }));
  };
  const mine = (): Promise<Answer> => asked(world().application);
  /** Resolves once the door refuses the certificate. */
  const untilRefused = async (shown: Shown): Promise<void> => {
    while (
      await asked(shown).then(
        () => true,
        () => false,
      )
    )
      await new Promise((later) => setTimeout(later, 20));
  };

  it("are refused, and no other is", async () => {
    await start([lost]);
    await expect(asked(lost)).rejects.toThrow();
    expect(await door.counted("door", "ssl.fail_verify_error")).toBe(1);
    expect((await mine()).status).toBe(200);
  });

  it("still need the right name and authority, were they not taken back", async () => {
    await start([]);
    await expect(asked(await world().circles.issue("clients", ["payroll"]))).rejects.toThrow();
    expect(await door.counted("door", "ssl.fail_verify_san")).toBe(1);
    await expect(asked(await world().circles.issue("services", ["code-review"]))).rejects.toThrow();
    expect(await door.counted("door", "ssl.fail_verify_error")).toBe(1);
  });

  it("are refused from when the list changes, and a stream that runs meanwhile goes on", async () => {
    await start([]);
    expect((await asked(lost)).status).toBe(200);
    const stream = await open(world().chat("", { port: door.at.door, body: '{"model":"qwen3-8b","stream":true}' }));
    const pieces = stream.setEncoding("utf8")[Symbol.asyncIterator]();
    expect(await pieces.next()).toMatchObject({ value: "first " });
    door.change({ [revokedFile]: await world().circles.revoke("clients", [lost]) });
    await untilRefused(lost);
    expect((await mine()).status).toBe(200);
    world().guard.finish();
    expect(await pieces.next()).toMatchObject({ value: "second" });
    expect(await pieces.next()).toMatchObject({ done: true });
  });

  it("cannot go on with a session from before", async () => {
    await start([]);
    const dial = (session?: Buffer): TLSSocket => {
      const socket = connect({
        host: "127.0.0.1",
        port: door.at.door,
        servername: host,
        ca: world().circles.trust("services"),
        cert: lost.chain,
        key: lost.key,
        ALPNProtocols: ["http/1.1"],
        session,
      });
      // Envoy hands out a session with its first answer.
      socket.resume().write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      return socket;
    };
    const first = dial();
    const [session] = (await once(first, "session")) as [Buffer];
    first.destroy();
    const resumed = dial(session);
    await once(resumed, "secureConnect");
    expect(resumed.isSessionReused()).toBe(true);
    resumed.destroy();
    door.change({ [revokedFile]: await world().circles.revoke("clients", [lost]) });
    await untilRefused(lost);
    const again = dial(session);
    await expect(once(again, "close")).rejects.toThrow("revoked");
    expect(again.isSessionReused()).toBe(false);
  });

  it("stay refused where the next list cannot be read", async () => {
    await start([lost]);
    door.change({ [revokedFile]: "-----BEGIN X509 CRL-----\nno list\n-----END X509 CRL-----\n" });
    // What an operator can be warned by.
    const failed = (): Promise<string> => door.admin("/stats?filter=sds.revoked.key_rotation_failed");
    while (!(await failed()).includes("failed: 1")) await new Promise((later) => setTimeout(later, 20));
    await expect(asked(lost)).rejects.toThrow();
    expect((await mine()).status).toBe(200);
  });

  it("may be any, where the list is overdue: nobody is let in", async () => {
    await start([], -1);
    await expect(mine()).rejects.toThrow();
  });
});
