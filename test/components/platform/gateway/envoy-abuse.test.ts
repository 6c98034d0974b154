import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import type { EnvoyConfigArgs } from "../../../../components/platform/gateway/envoy-config";
import { host } from "./door-args";
import { withEnvoy } from "./door-world";
import { knock } from "./knock";

withEnvoy("what is done to the door", (world) => {
  afterEach(() => {
    world().arrived.length = 0;
  });

  const dial = async (port = world().door.at.door): Promise<TLSSocket> => {
    const { chain, key } = world().application;
    const ca = world().circles.trust("services");
    const socket = connect({
      host: "127.0.0.1",
      port,
      servername: host,
      ca,
      cert: chain,
      key,
      ALPNProtocols: ["http/1.1"],
    });
    await once(socket, "secureConnect");
    return socket;
  };

  /**
   * Sends bytes as they are. @returns all that the door answers until it closes, or stays silent for half a second after it
   * said something; for the first of it there is time enough on a busy machine.
   */
  const raw = async (text: string): Promise<string> => {
    const socket = await dial();
    let said = "";
    const quiet = new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, 10_000);
      socket.on("data", (piece: Buffer) => {
        said += piece.toString("latin1");
        clearTimeout(timer);
        timer = setTimeout(resolve, 500);
      });
      socket.on("close", () => resolve()).on("error", () => resolve());
    });
    socket.write(text);
    await quiet;
    socket.destroy();
    return said;
  };

  /** A request that begins so and then comes in drops is ended by the door, and reaches nobody. */
  const expectCutOff = async (patience: Partial<EnvoyConfigArgs>, first: string, drop: string): Promise<void> => {
    const door = await world().another(patience);
    try {
      const socket = await dial(door.at.door);
      socket.write(first);
      let said = "";
      const drip = setInterval(() => socket.write(drop), 100);
      socket.on("data", (piece: Buffer) => {
        said += piece.toString("latin1");
        clearInterval(drip);
      });
      // A drop that meets a closed door resets the connection, and takes with it what was not read yet.
      socket.on("error", () => undefined);
      await new Promise((closed) => socket.once("close", closed));
      clearInterval(drip);
      expect(said).toMatch(/^HTTP\/1\.1 408|^$/);
      expect(world().arrived).toEqual([]);
    } finally {
      await door.stop();
    }
  };

  const head = (more: string): string =>
    [
      "POST /v1/chat/completions HTTP/1.1",
      `Host: ${host}`,
      `Authorization: Bearer ${world().token}`,
      "Content-Type: application/json",
      `${more}\r\n`,
    ].join("\r\n");
  const body = '{"model":"qwen3-8b"}';
  const second = `GET /v1/models HTTP/1.1\r\nHost: ${host}\r\nX-Smuggled: yes\r\n\r\n`;

  it("is nothing where a request is written plainly", async () => {
    expect(await raw(head(`Content-Length: ${body.length}\r\n`) + body)).toMatch(/^HTTP\/1\.1 200/);
    expect(world().arrived).toHaveLength(1);
  });

  describe("two readings of one request", () => {
    it.each([
      ["a length and chunks", `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n`, `0\r\n\r\n${second}`],
      ["two lengths", `Content-Length: ${body.length}\r\nContent-Length: 0\r\n`, `${body}${second}`],
      ["a length that is no number", "Content-Length: +20\r\n", `${body}${second}`],
      ["chunks of another name", "Transfer-Encoding: xchunked\r\n", `${body}${second}`],
      ["chunks after something else", "Transfer-Encoding: identity, chunked\r\n", `0\r\n\r\n${second}`],
      ["a space before the colon", `Content-Length : ${body.length}\r\n`, `${body}${second}`],
      ["a chunk's size that is no number", "Transfer-Encoding: chunked\r\n", `zz\r\n${body}\r\n0\r\n\r\n${second}`],
    ])("by %s: none of it passes", async (_name, lines, rest) => {
      const said = await raw(head(lines) + rest);
      expect(world().arrived).toEqual([]);
      // A connection on which one request was unclear is not used for another.
      expect(said.split("HTTP/1.1 ").length - 1).toBeLessThanOrEqual(1);
      expect(said).toMatch(/^HTTP\/1\.1 (400|501)/);
      expect(said).toContain('"code":"bad_request"');
    });

    // Readings that are allowed: what is passed on is written anew, so nobody behind the door can read it otherwise.
    it.each([
      ["a line that ends in a bare line feed", `Content-Length: ${body.length}\n`],
      ["a folded header", `Content-Length:\r\n ${body.length}\r\n`],
    ])("by %s: what passes is written anew", async (_name, lines) => {
      await raw(head(lines) + body + second);
      expect(world().arrived.map(({ headers }) => headers["content-length"])).toEqual([`${body.length}`]);
    });
  });

  it("a prompt of ten megabytes is refused", async () => {
    const answer = await knock(
      world().chat("", { body: JSON.stringify({ model: "qwen3-8b", prompt: "a".repeat(10_000_000) }) }),
    );
    expect(answer.status).toBe(413);
    expect(world().arrived).toEqual([]);
  });

  it("ten thousand headers are refused", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `X-${index}: 1\r\n`).join("");
    expect(await raw(head(`${many}Content-Length: 0\r\n`))).toMatch(/^HTTP\/1\.1 431|^$/);
    expect(world().arrived).toEqual([]);
  });

  it("one header of a hundred kilobytes is refused", async () => {
    expect(await raw(head(`X-Long: ${"a".repeat(100_000)}\r\n`))).toMatch(/^HTTP\/1\.1 431|^$/);
    expect(world().arrived).toEqual([]);
  });

  it("headers that do not end are cut off", async () => {
    await expectCutOff({ headersSeconds: 1 }, head("").slice(0, -2), "X-More: 1\r\n");
  });

  it("what steers Envoy is taken from nobody outside", async () => {
    const headers = {
      "x-envoy-upstream-rq-timeout-ms": "1",
      "x-envoy-upstream-alt-stat-name": "mine",
      "x-envoy-max-retries": "9",
      "x-envoy-retry-on": "5xx",
      "x-envoy-original-path": "/pause",
      "x-envoy-decorator-operation": "mine",
      "x-envoy-peer-metadata": "mine",
      "x-forwarded-for": "10.0.0.1",
    };
    expect((await knock(world().chat("qwen3-8b", { headers }))).status).toBe(200);
    const arrived = world().arrived[0]?.headers ?? {};
    for (const name of Object.keys(headers)) expect(arrived[name]).not.toBe(headers[name as keyof typeof headers]);
  });

  it("a header that a connection is to lose is not lost", async () => {
    await raw(head(`Connection: close, x-cloister-person, x-request-id\r\nContent-Length: ${body.length}\r\n`) + body);
    expect(world().arrived[0]?.headers).toMatchObject({ "x-cloister-person": "ada@example.com" });
    expect(world().arrived[0]?.headers["connection"] ?? "").not.toContain("x-cloister-person");
  });

  it("a body that trickles in is cut off", async () => {
    await expectCutOff({ arrivalSeconds: 1 }, head("Content-Length: 1000\r\n"), " ");
  });
});
