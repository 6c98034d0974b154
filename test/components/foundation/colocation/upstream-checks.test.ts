import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { clevisConfiguration } from "../../../../components/foundation/colocation/disk-unlock";
import type { ColocationEnvironment } from "../../../../components/foundation/colocation/link-flows";
import { planManagementIsolation } from "../../../../components/foundation/colocation/management-isolation";
import { filesOf } from "../../../../components/foundation/colocation/site-link";
import { wireGuardPublicKey } from "../../../../components/foundation/colocation/wireguard-plan";
import { readEnvironment } from "../../../../stacks/environment";
import { debianPrograms, type DebianPrograms } from "./debian-programs";
import { TangServer } from "./tang-server";

const found = debianPrograms();
const missing = typeof found === "string" ? found : undefined;
const programs = found as DebianPrograms;
const folder = mkdtempSync(join(tmpdir(), "cloister-colocation-"));
const cage = readEnvironment("colocation") as ColocationEnvironment;
const [secret, privateKey] = [randomBytes(32).toString("base64"), randomBytes(32).toString("base64")];

const withLink = (kind: "wireguard" | "ipsec"): ColocationEnvironment => ({
  ...cage,
  footprint: { ...cage.footprint, administrators: ["10.1.2.0/24"], siteLink: { ...cage.footprint.siteLink, kind } },
});
const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

afterAll(() => rmSync(folder, { recursive: true }));

it.runIf(missing !== undefined)("is not exercised: upstream's programs are not available on this machine", () => {
  console.warn(`The link, firewall and key servers of a cage were not exercised: ${missing}.`);
});

describe.runIf(missing === undefined)("upstream's own programs accept what a cage is given", () => {
  it("WireGuard: its configuration, and the public key that belongs to the private one", () => {
    const files = filesOf(withLink("wireguard"), secret, privateKey);
    const path = fileOf("link.conf", files.gateway["/etc/wireguard/link.conf"]!);
    const stripped = programs.run("wg-quick", ["strip", path]);
    expect([stripped.status, stripped.stderr]).toEqual([0, ""]);
    expect(stripped.stdout).toMatch(/^AllowedIPs = 10\.4\.0\.0\/16, /m);
    expect(programs.run("wg", ["pubkey"], { input: privateKey }).stdout.trim()).toBe(wireGuardPublicKey(privateKey));
    expect(files.company["/etc/wireguard/cage.peer.conf"]).toContain(`PublicKey = ${wireGuardPublicKey(privateKey)}\n`);
  });

  it("strongSwan: both ends parse, and one with a fault does not", () => {
    // Any of its programs reads the file it is given as configuration with strongSwan's own parser, and stops at a fault.
    const parse = (name: string, text: string) =>
      programs.run("swanctl", ["--version"], { env: { STRONGSWAN_CONF: fileOf(name, text) } }).stderr;
    const { gateway, company } = filesOf(withLink("ipsec"), secret, "");
    const refusal = /syntax error|invalid config/;
    expect(parse("gateway.conf", gateway["/etc/swanctl/conf.d/link.conf"]!)).not.toMatch(refusal);
    expect(parse("company.conf", company["/etc/swanctl/conf.d/cage.conf"]!)).not.toMatch(refusal);
    expect(parse("fault.conf", `${company["/etc/swanctl/conf.d/cage.conf"]}}`)).toMatch(refusal);
  });

  const namespace = missing !== undefined ? 1 : programs.run("unshare", ["-rn", "true"]).status;
  it.runIf(namespace !== 0)(
    "nftables: not exercised, this machine lends no network namespace to check rules in",
    () => {
      console.warn("The firewalls of a cage were not exercised: unshare -rn is refused here.");
    },
  );
  it.runIf(namespace === 0)("nftables: the gateway's firewall with either link, and that of each machine", () => {
    const check = (name: string, text: string) => {
      const { status, stderr } = programs.run("unshare", ["-rn", "nft", "--check", "--file", fileOf(name, text)]);
      return { status, stderr };
    };
    const fine = { status: 0, stderr: "" };
    for (const kind of ["wireguard", "ipsec"] as const) {
      expect(check(kind, filesOf(withLink(kind), secret, privateKey).gateway["/etc/nftables.conf"]!)).toEqual(fine);
    }
    const { files } = planManagementIsolation(cage.footprint);
    expect(check("machine", files["/etc/nftables.d/management.nft"]!)).toEqual(fine);
  });
});

describe.runIf(missing === undefined).concurrent("disks bound to key servers", () => {
  const servers: TangServer[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const start = async (name: string, port?: number) => {
    const server = await TangServer.start(programs, join(folder, name), port);
    servers.push(server);
    return server;
  };
  const bindTo = (tangs: readonly TangServer[], needed: number) =>
    clevisConfiguration({
      keyServersNeeded: needed,
      keyServers: tangs.map(({ url, thumbprint }) => ({ url, thumbprint, address: "127.0.0.1" })),
    });
  // Not spawnSync: the servers answer from this very process.
  const clevis = (args: string[], input: string) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const child = execFile("clevis", args, { env: programs.environment }, (error, stdout) =>
        resolve({ code: error === null ? 0 : 1, out: stdout }),
      );
      child.stdin?.end(input);
    });

  it("open in sight of any one server, stay locked out of sight of both, and trust no impostor", async ({ expect }) => {
    const [one, two] = [await start("one"), await start("two")];
    const bound = await clevis(["encrypt", "sss", bindTo([one, two], 1)], "the disk's key");
    expect(bound.code).toBe(0);
    expect(bound.out).not.toContain("the disk's key");

    await one.stop();
    expect(await clevis(["decrypt"], bound.out)).toEqual({ code: 0, out: "the disk's key" });
    await two.stop();
    expect(await clevis(["decrypt"], bound.out)).toEqual({ code: 1, out: "" });

    // Another's keys at the same address: neither does it open a disk, nor is a new one bound to it.
    const impostor = await start("impostor", one.port);
    const outcomes = await Promise.all([
      clevis(["decrypt"], bound.out),
      clevis(["encrypt", "sss", bindTo([one], 1)], "another key"),
      clevis(["encrypt", "sss", bindTo([impostor], 1)], "another key"),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 0]);
  });

  it("need as many servers as the file says", async ({ expect }) => {
    const three = [await start("three-1"), await start("three-2"), await start("three-3")];
    const bound = await clevis(["encrypt", "sss", bindTo(three, 2)], "the disk's key");
    await three[0]!.stop();
    expect((await clevis(["decrypt"], bound.out)).out).toBe("the disk's key");
    await three[1]!.stop();
    expect((await clevis(["decrypt"], bound.out)).code).toBe(1);
  });
});
